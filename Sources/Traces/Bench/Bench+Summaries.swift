extension Bench {
    /// Sums up goals, by environment and over all.
    static func summaries(of results: BenchResults) -> [BenchResults.Summary] {
        let names = BenchResults.oracles + results.policies
        let environments = results.environments.count > 1 ? ["all"] : []
        var summaries: [BenchResults.Summary] = []
        for objective in TraceGoals.Objective.allCases {
            for environment in environments + results.environments.map(\.name) {
                let goals = results.goals.filter {
                    $0.objective == objective && (environment == "all" || $0.environment == environment)
                }
                guard !goals.isEmpty else { continue }
                let samples = Dictionary(uniqueKeysWithValues: results.environments.map { ($0.name, $0.samples) })
                for policy in names {
                    summaries.append(summary(of: policy, goals, objective, environment, samples))
                }
            }
        }
        return summaries
    }

    private static func summary(
        of policy: String, _ goals: [BenchResults.GoalResult], _ objective: TraceGoals.Objective,
        _ environment: String, _ samples: [String: Int]
    ) -> BenchResults.Summary {
        var summary = BenchResults.Summary(
            objective: objective, environment: environment, policy: policy, goals: goals.count, violated: 0)
        var (toStatic, toOracle, toOneLayer): ([Double], [Double], [Double]) = ([], [], [])
        for goal in goals {
            // Half an error at least, so that a run without errors can be divided by, and be a divisor.
            let least = 0.5 / Double(max(samples[goal.environment] ?? 1, 1))
            func figure(_ name: String, keeping: Bool = false) -> Double? {
                guard let score = goal.scores[name], !(keeping && score.isViolated) else { return nil }
                return objective == .energy ? score.energy : max(score.error, least)
            }
            guard let own = figure(policy, keeping: true) else {
                summary.violated += 1
                continue
            }
            if let other = figure(BenchResults.staticOracle) { toStatic.append(own / other) }
            if let other = figure(BenchResults.oracle) { toOracle.append(own / other) }
            let rivals = ["app-only", "sys-only"].compactMap { figure($0, keeping: true) }
            if let other = rivals.min() { toOneLayer.append(own / other) }
        }
        summary.toStatic = toStatic.harmonicMean
        summary.toOracle = toOracle.harmonicMean
        summary.toOneLayer = toOneLayer.harmonicMean
        return summary
    }
}

extension [Double] {
    /// The harmonic mean; nil of nothing.
    var harmonicMean: Double? {
        isEmpty ? nil : Double(count) / reduce(0) { $0 + 1 / $1 }
    }
}
