import Alert
import Testing
import Units

@testable import Pipelines

/// The mailbox between whoever changes a stream and its lane.
struct StreamControlsTests {
    private static let candidates = [
        CandidateProfile(
            candidate: Candidate(recognizer: "r", setting: Setting(threads: 1)),
            time: TimeStatistics(samples: [.milliseconds(10)]), power: Watts(5), accuracy: 0.8)
    ]
    private let goal: Goal
    private let controls: StreamControls

    init() throws {
        goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
        controls = StreamControls(
            stream: .frames, source: "",
            policy: try BanditPolicy(candidates: Self.candidates, idlePower: .zero, goal: goal), idlePower: .zero,
            queueCapacity: 4, waiting: { 0 }, noteGoal: { _ in })
    }

    private var hasNoOrders: Bool { controls.takeOrders() == nil }

    @Test func `What is asked for is handed over once, and is in force for samples that come`() throws {
        #expect(hasNoOrders)
        let other = try Goal(deadline: .milliseconds(50), objective: .minimizeEnergy(accuracy: 0.5))
        try controls.change(goal: other, policy: "fastest")
        #expect(controls.deadline.value == .milliseconds(50))
        let orders = try #require(controls.takeOrders())
        #expect(orders.goal == other)
        #expect(orders.policy?.name == "fastest")
        #expect(orders.policy?.goal == other)
        #expect(hasNoOrders)
    }

    @Test func `A policy that is not there changes nothing`() throws {
        let other = try Goal(deadline: .milliseconds(50), objective: .minimizeError(energy: nil))
        #expect(throws: AlertError.self) { try controls.change(goal: other, policy: "alrt") }
        #expect(controls.goal == goal)
        #expect(hasNoOrders)
    }

    @Test func `Feedback goes to a policy that learns from it, and to no other`() throws {
        try controls.judge(.bad)
        #expect(controls.takeOrders()?.feedback == .bad)
        try controls.change(policy: "alert")
        #expect(throws: PipelinesError.self) { try controls.judge(.good) }
    }

    @Test func `A policy that takes over sees what was observed last, in order`() {
        var recent = RecentObservations()
        for number in 0..<100 { recent.add(Observation(candidate: 0, time: .milliseconds(number))) }
        var times: [Duration] = []
        recent.forEach { times.append($0.time) }
        #expect(times == (36..<100).map { .milliseconds($0) })
    }
}
