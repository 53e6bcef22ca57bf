public import Alert

/// What is to be compared with what.
public struct BenchPlan: Sendable {
    /// Where goals come from.
    public enum Goals: Sendable, Hashable {
        /// The paper's grid, spread over what each trace allows.
        case paper
        /// A file of goals, by its path.
        case file(String)
    }

    /// The traces that are played; each is an environment of its own in the results.
    public var traces: [Trace]
    /// The policies, by name; the first one is looked at most closely.
    public var policies: [String]
    /// The goals.
    public var goals = Goals.paper
    /// What they minimize.
    public var objectives = TraceGoals.Objective.allCases
    /// How bounds on energy are judged.
    public var budget = EnergyBudget.each
    /// The wanted probability of meeting the deadline.
    public var confidence = 0.95

    /// Makes a plan for the paper's grid, both objectives.
    public init(traces: [Trace], policies: [String] = Policies.names) {
        self.traces = traces
        self.policies = policies
    }

    /// The goals for one trace.
    func goals(_ objective: TraceGoals.Objective, for player: TracePlayer) throws(TracesError) -> [TraceGoal] {
        switch goals {
        case .paper: try TraceGoals.paper(objective, for: player, confidence: confidence)
        case .file(let path):
            try TraceGoals.goals(in: path, interval: player.trace.header.interval, confidence: confidence)
                .filter { $0.minimizesEnergy == (objective == .energy) }
        }
    }
}
