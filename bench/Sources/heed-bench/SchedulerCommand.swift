import Alert
import ArgumentParser
import CAllocationCount
import Foundation
import Media
import Units

/// Times `AlertPolicy.decide`, counts what it and `observe` allocate, and times whole replayed steps.
struct SchedulerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler", abstract: "Time a choice, count its heap allocations, and time a replay.")

    @Option(help: "Candidates to choose from.")
    var candidates = 64

    @Option(help: "Choices to make for each objective.")
    var choices = 100_000

    @Option(help: "Samples of the trace that is replayed.")
    var samples = 20_000

    @Option(help: "How often each policy replays it for each objective.")
    var replays = 5

    private struct Report: Encodable {
        /// Each choice's time in nanoseconds, by what was to be made least.
        var decide: [String: [Int64]] = [:]
        /// Each replay's mean time of a step in nanoseconds, by what was to be made least and by policy.
        var replay: [String: [String: [Double]]] = [:]
        /// The time between two readings of the clock with nothing between them: part of each figure above.
        var clock: [Int64] = []
        /// Calls of the C library's allocator during all choices and observations.
        var allocations = 0
        /// The same for one array, to show that the count counts.
        var allocationsOfAnArray = 0
    }

    func run() throws {
        var report = Report()
        report.clock = (0..<10_000).map { _ in Self.time {} }
        let before = heed_bench_allocations()
        withExtendedLifetime([Int](repeating: 1, count: candidates)) {}
        report.allocationsOfAnArray = heed_bench_allocations() - before
        let deadline = Duration.milliseconds(60)
        for (name, objective) in [
            ("error", Goal.Objective.minimizeError(energy: Joules(0.5))), ("energy", .minimizeEnergy(accuracy: 0.8)),
        ] {
            let goal = try Goal(deadline: deadline, objective: objective)
            let profiles = Self.profiles(candidates)
            var policy = try AlertPolicy(candidates: profiles, idlePower: Watts(3), goal: goal)
            let measured = measure(&policy, period: deadline)
            report.decide[name] = measured.times
            report.allocations += measured.allocations
            report.replay[name] = try replay(goal, of: profiles)
        }
        FileHandle.standardOutput.write(try JSONEncoder().encode(report) + Data("\n".utf8))
    }

    /// Chooses under changing times left, and observes what was chosen, so that every choice starts from new estimates.
    private func measure(_ policy: inout AlertPolicy, period: Duration) -> (times: [Int64], allocations: Int) {
        var times = [Int64](repeating: 0, count: choices)
        let requests = (10..<70).map { DecisionRequest(timeLeft: .milliseconds($0), period: period) }
        let before = heed_bench_allocations()
        for index in times.indices {
            var decision: Decision?
            times[index] = Self.time { decision = policy.decide(requests[index % requests.count]) }
            guard let decision else { continue }
            policy.observe(
                Observation(
                    candidate: decision.candidate, time: decision.prediction.time * (95 + index % 11) / 100,
                    energy: Joules(0.2), idlePower: Watts(3)))
        }
        return (times, heed_bench_allocations() - before)
    }

    private static func time(_ body: () -> Void) -> Int64 {
        let start = MonotonicTime.now()
        body()
        return (MonotonicTime.now() - start).nanoseconds
    }

    /// Recognizers of 3 to 80 ms, 3 to 30 W and 50 to 95 %, in no order.
    private static func profiles(_ count: Int) -> [CandidateProfile] {
        var generator = SeededGenerator(seed: 64)
        return (0..<count).map { index in
            let median = Double.random(in: 3...80, using: &generator)
            let times = TimeStatistics(
                runs: 100, median: median, mean: median * 1.01, minimum: median * 0.97, p90: median * 1.03,
                p95: median * 1.04, p99: median * 1.08, maximum: median * 1.2, standardDeviation: median * 0.02)
            return CandidateProfile(
                candidate: Candidate(recognizer: "recognizer-\(index)", setting: Setting(threads: 1 + index % 4)),
                time: times, power: Watts(.random(in: 3...30, using: &generator)),
                accuracy: .random(in: 0.5...0.95, using: &generator))
        }
    }
}
