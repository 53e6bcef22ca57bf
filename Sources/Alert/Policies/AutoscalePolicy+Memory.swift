import Units

/// What outlives a run of `autoscale`: the columns of its table.
extension AutoscalePolicy: RememberingPolicy {
    private static let format = "autoscale/1"

    /// Each correction of a value follows from one inference.
    public static let lesson = (singular: "inference", plural: "inferences")

    /// Rewards are for one goal: values of another one would be taken for what they are not.
    public var learnsFor: LearnedGoal? { LearnedGoal(goal) }

    /// The columns of its candidates that something is known of, then those of candidates that are not here.
    public var memory: PolicyMemory {
        let own = candidates.indices.map { index in
            let visits = (0..<AutoscaleState.count).map { table.visits($0, index) }
            return AutoscaleColumn(
                candidate: candidates[index].candidate.name, energyUnit: rewards.energyUnit,
                values: visits.indices.map { visits[$0] > 0 ? table.value($0, index) : 0 }, visits: visits)
        }
        let columns = (own.filter { $0.lessons > 0 } + absent).prefix(CandidateSet.capacity)
        return PolicyMemory(Array(columns), format: Self.format, policy: name, goal: LearnedGoal(goal))
    }

    /// Takes over the columns of its candidates, and keeps those of others for runs that have them.
    public mutating func recall(_ memory: PolicyMemory) throws(AlertError) -> Int {
        try memory.check(format: Self.format, for: self)
        var (table, others, taken) = (table, [AutoscaleColumn](), 0)
        for column in try memory.autoscaleColumns() {
            guard let place = candidates.firstIndex(where: { $0.candidate.name == column.candidate }) else {
                others.append(column)
                continue
            }
            for state in 0..<AutoscaleState.count where column.visits[state] > 0 {
                let value = value(of: column, in: state, for: place)
                guard value.isFinite else { throw memory.damaged("it has a value that no reward comes to") }
                taken += column.visits[state]
                table.take(value, visits: column.visits[state], state, place)
            }
        }
        (self.table, absent, pending) = (table, others, nil)
        // Each run's tries are others.
        generator = SeededGenerator(seed: seed &+ UInt64(memory.lessons))
        return taken
    }

    /// A value in this policy's unit of energy, which follows the hungriest of the candidates that are offered: what
    /// was learned beyond the profile is what is carried over.
    private func value(of column: AutoscaleColumn, in state: Int, for candidate: Int) -> Double {
        let value = column.values[state]
        guard case .minimizeEnergy = goal.objective, column.energyUnit != rewards.energyUnit else { return value }
        let then = AutoscaleReward(goal: goal, energyUnit: column.energyUnit)
        let learned = value - Self.expectation(of: candidates[candidate], in: state, then)
        return Self.expectation(of: candidates[candidate], in: state, rewards)
            + learned * column.energyUnit / rewards.energyUnit
    }
}
