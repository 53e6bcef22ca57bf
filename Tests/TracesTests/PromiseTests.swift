import Alert
import Testing
import Units

@testable import Traces

@Suite struct PromiseTests {
    /// A policy that believes in a fixed law: its times are even from 0 to twice the median.
    private struct Believer: Policy {
        let name = "believer"
        let candidates: [CandidateProfile]
        var goal: Goal
        var seen = 0
        var slowdown: SlowdownEstimate { .init(mean: 1, standardDeviation: 0) }
        mutating func observe(_ observation: Observation) { seen += 1 }
        func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
            candidates?.contains(0) == true ? .milliseconds(2 * confidence * self.candidates[0].time.median) : .zero
        }
        mutating func decide(_ request: DecisionRequest) -> Decision? {
            let prediction = Prediction(time: .zero, probability: 1, accuracy: 1, energy: .zero)
            return Decision(candidate: 0, prediction: prediction, rule: .fixed)
        }
    }

    @Test func `A promise is kept when the chosen candidate takes no longer than the policy holds to be enough`() throws
    {
        let candidate = CandidateProfile("a", [(10, 0.5)], watts: 5)
        // Even from 0 to 20 ms: the law holds, and of 100 samples it keeps as many as it promises.
        let trace = try Trace(
            header: TraceHeader([candidate]),
            samples: (0..<100).map { index in
                .init(
                    idlePower: Watts(1),
                    answers: [[.init(time: (Double(index) + 0.5) * 2e-4, energy: 1, quality: 1)]])
            })
        let player = TracePlayer(trace)
        let goal = TraceGoal(
            goal: try Goal(deadline: .milliseconds(12), objective: .minimizeError(energy: nil)),
            period: .milliseconds(12))
        var policy = Believer(candidates: [candidate], goal: goal.goal)
        let tallies = player.playPromises(&policy, for: goal)
        #expect(tallies.map(\.count) == Array(repeating: 100, count: TracePlayer.promises.count))
        for tally in tallies { #expect(abs(Double(tally.kept) - 100 * tally.promised) <= 1) }
        #expect(policy.seen == 100)
    }

    @Test func `Calibration counts each promise in its bin`() {
        var calibration = Calibration()
        for promised in [0, 0.05, 0.1, 0.89, 0.9, 0.95, 0.969, 0.97, 0.99, 1] {
            calibration.add(promised: promised, isKept: promised > 0.95)
        }
        #expect(calibration.bins.map(\.count) == [2, 1, 0, 0, 0, 0, 0, 0, 1, 1, 2, 1, 2])
        #expect(calibration.bins.map(\.kept) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2])
        var twice = calibration
        twice.add(calibration)
        #expect(twice.bins.map(\.count).reduce(0, +) == 20)
        #expect(twice.expectedError == calibration.expectedError)
    }
}
