import Alert
import Foundation
import Testing
import Units

@testable import Traces

@Suite struct TraceGoalsTests {
    @Test(arguments: TraceGoals.Objective.allCases, SimulatedEnvironment.allCases)
    func `The paper's grid has 36 goals, each of which one choice for the whole run keeps, and the oracle`(
        _ objective: TraceGoals.Objective, _ environment: SimulatedEnvironment
    ) throws {
        let player = TracePlayer(try SimulatedPlatform(seed: 4).trace(environment, samples: 60))
        let goals = try TraceGoals.paper(objective, for: player)
        #expect(goals.count == 36)
        #expect(goals.allSatisfy { $0.minimizesEnergy == (objective == .energy) && $0.period == $0.goal.deadline })
        let deadlines = Set(goals.map { ($0.goal.deadline.milliseconds * 10).rounded() / 10 }).sorted()
        let reference = TraceGoals.referenceTime(player.trace) * 1e3
        #expect((140...250).contains(reference))
        for (deadline, factor) in zip(deadlines, [0.4, 0.6, 0.8, 1.0, 1.5, 2.0]) {
            #expect(abs(deadline / reference - factor) < 0.01)
        }
        for goal in goals {
            #expect(!player.playOracle(for: goal).violates(goal, budget: .each))
            #expect(!player.playStaticOracle(for: goal).run.violates(goal, budget: .each))
        }
    }

    @Test func `Deadlines are multiples of what the largest anytime candidate took, or else the most accurate one`()
        throws
    {
        func time(_ candidates: [CandidateProfile], slowdown: Double) throws -> Double {
            let samples = [slowdown - 0.2, slowdown + 0.2].map { slowdown in
                Trace.Sample(
                    idlePower: Watts(2), preparation: .init(time: 0.003),
                    answers: candidates.map { candidate in
                        (candidate.isAnytime ? candidate.stages.map(\.time.mean) : [candidate.time.mean])
                            .map { .init(time: $0 * 1e-3 * slowdown, energy: 0, quality: 1) }
                    })
            }
            return TraceGoals.referenceTime(try Trace(header: TraceHeader(candidates), samples: samples))
        }
        let plain = [CandidateProfile("a", [(10, 0.5)], watts: 5), CandidateProfile("b", [(30, 0.9)], watts: 5)]
        #expect(abs(try time(plain, slowdown: 1) - 0.033) < 1e-6)
        let stages = CandidateProfile("c", [(5, 0.4), (20, 0.8)], watts: 5)
        #expect(abs(try time(plain + [stages], slowdown: 2) - 0.043) < 1e-6)
    }

    @Test func `Goals are read from a file; what is missing comes from the trace or the deadline`() throws {
        let folder = try ScratchFolder()
        let path = folder.file("goals.json")
        let text = """
            [{"deadline_ms": 100, "accuracy": 0.8}, {"deadline_ms": 50, "energy_j": 0.4, "interval_ms": 33},
             {"deadline_ms": 20}]
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let goals = try TraceGoals.goals(in: path, interval: 0.04)
        #expect(goals.map(\.goal.deadline) == [.milliseconds(100), .milliseconds(50), .milliseconds(20)])
        #expect(goals.map(\.period) == [.milliseconds(40), .milliseconds(33), .milliseconds(40)])
        #expect(goals.map(\.bound) == [0.8, 0.4, nil])
        #expect(try TraceGoals.goals(in: path, interval: nil).map(\.period.milliseconds) == [100, 33, 20])
    }

    @Test(arguments: [
        ("{}", "expected a list"), ("[]", "has no goals"), ("[{\"deadline_ms\": 0}]", "above 0"),
        ("[{\"deadline_ms\": 9, \"acuracy\": 1}]", "no key `acuracy`"), ("[{}]", "deadline_ms"),
        ("[{\"deadline_ms\": 9, \"accuracy\": 2}]", "goal 1"), ("[{\"deadline_ms\": 9, \"energy_j\": -2}]", "goal 1"),
        ("[{\"deadline_ms\": 9, \"accuracy\": 0.5, \"energy_j\": 1}]", "not both"), ("nothing", "expected a list"),
    ])
    func `A file of goals that says something else is refused with its name`(_ text: String, _ words: String) throws {
        let folder = try ScratchFolder()
        let path = folder.file("goals.json")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: TracesError.self) { try TraceGoals.goals(in: path, interval: nil) }
        #expect(error.message.hasPrefix(path) && error.message.contains(words), "\(error)")
    }
}
