import Alert
import Testing
import Units

@Suite struct GoalTests {
    private func code(_ make: () throws -> Goal) -> AlertError.Code? {
        do {
            _ = try make()
            return nil
        } catch {
            return (error as? AlertError)?.code
        }
    }

    @Test func `A sensible goal is taken`() throws {
        let goal = try Goal.mostAccurate(40, energy: 2)
        #expect(goal.confidence == 0.95)
        #expect(goal.missAccuracy == 0)
    }

    @Test(arguments: [0, -5])
    func `A deadline not above zero is refused`(_ deadline: Int) {
        #expect(code { try .mostAccurate(deadline) } == .invalidGoal)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity])
    func `An energy that is no amount is refused`(_ energy: Double) {
        #expect(code { try .mostAccurate(40, energy: energy) } == .invalidGoal)
    }

    @Test(arguments: [-0.1, 1.1, 85, Double.nan])
    func `An accuracy that is no share is refused`(_ accuracy: Double) {
        #expect(code { try .leastEnergy(40, accuracy: accuracy) } == .invalidGoal)
        let miss = code {
            try Goal(deadline: .seconds(1), objective: .minimizeError(energy: nil), missAccuracy: accuracy)
        }
        #expect(miss == .invalidGoal)
    }

    @Test(arguments: [-0.1, 1, Double.nan])
    func `A confidence that cannot be had is refused`(_ confidence: Double) {
        let refused = code {
            try Goal(deadline: .seconds(1), objective: .minimizeError(energy: nil), confidence: confidence)
        }
        #expect(refused == .invalidGoal)
    }

    @Test func `The refusal says what was given and what to give`() {
        let error = #expect(throws: AlertError.self) { try Goal.leastEnergy(40, accuracy: 85) }
        #expect(error?.message == "accuracy is 85.0; give a share between 0 and 1, such as 0.85")
    }
}
