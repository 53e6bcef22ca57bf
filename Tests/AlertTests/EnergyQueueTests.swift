import Testing
import Units

@testable import Alert

@Suite struct EnergyQueueTests {
    @Test func `The backlog is what was spent beyond the budget, and never less than nothing`() {
        var queue = EnergyQueue()
        for energy in [3.0, 1, 2, 5] { queue.observe(energy, budget: 2) }
        // 0.5, then 0, 0, 1.5.
        #expect(queue.backlog == 1.5)
        #expect(queue.price(budget: 2) == 1.5 / (EnergyQueue.patience * 2))
    }

    @Test(arguments: [0.2, 0.3, 0.4])
    func `The mean energy keeps to a budget that no candidate spends`(_ budget: Double) throws {
        // Each sample spends 0.1, 0.2 or 0.4 J; with each sample bound to 0.3 J the large one could never be chosen.
        let goal = try Goal.mostAccurate(100, energy: budget)
        var policy = try Policies.make(
            "alert-budget", candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        var (spent, right) = (0.0, 0.0)
        for _ in 0..<3000 {
            let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100), period: .milliseconds(100)))
            let profile = CandidateProfile.sizes[try #require(decided).candidate]
            spent += profile.power.value * profile.time.median * 1e-3
            right += profile.accuracy
            policy.observe(Observation(candidate: decided?.candidate ?? 0, time: .milliseconds(profile.time.median)))
        }
        #expect(spent / 3000 < budget * 1.01)
        // Chances are linear in energy between 0.2 J (0.8) and 0.4 J (0.9): what a mix of the two gives.
        #expect(right / 3000 > 0.8 + (budget - 0.2) * 0.5 - 0.005)
    }
}
