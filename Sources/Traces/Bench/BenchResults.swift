/// What a comparison came to: every figure of every goal, and what they sum up to. The same plan gives the same
/// results, to the last bit; times are apart, in `BenchTimings`.
public struct BenchResults: Sendable, Hashable, Codable {
    /// The format this version of heed writes.
    public static let currentFormat = "heed-bench/1"
    /// The oracle's name among the policies.
    public static let oracle = "oracle"
    /// That of the oracle which knows each moment, but not the sample.
    public static let momentOracle = "oracle-moment"
    /// The static oracle's.
    public static let staticOracle = "oracle-static"
    /// All oracles, in the order in which they are shown.
    public static let oracles = [oracle, momentOracle, staticOracle]

    /// One trace, as its header says.
    public struct Environment: Sendable, Hashable, Codable {
        /// Its name: the trace's environment, numbered where several have the same.
        public var name: String
        /// Whether it was measured or simulated.
        public var origin: TraceHeader.Origin
        /// The seed of what was left to chance.
        public var seed: UInt64?
        /// What was recognised.
        public var source: String?
        /// The machine it was measured on.
        public var machine: [String: String]
        /// Where its energies come from.
        public var energySource: String
        /// Its samples.
        public var samples: Int
        /// What policies chose from.
        public var candidates: Int
    }

    /// What came of one goal for one policy.
    public struct Score: Sendable, Hashable, Codable {
        /// The mean energy of a sample, waiting included, in joules.
        public var energy: Double
        /// The share of samples that were not answered right and in time.
        public var error: Double
        /// The same, where each answer counts as right as often as its candidate was when profiled.
        public var expectedError: Double
        /// The share of samples without an answer in time, those given up on included.
        public var late: Double
        /// The share of samples given up on before anything ran.
        public var expired: Double
        /// The share of samples answered in time by a stage that is worth less than the goal's accuracy.
        public var tooInaccurate: Double
        /// The share of samples that spent more than the goal's energy.
        public var overBudget: Double
        /// The share of samples that broke the goal in any of these ways.
        public var broken: Double
        /// Whether the goal counts as violated.
        public var isViolated: Bool
        /// How often another candidate was chosen than before, as a share of samples.
        public var switches: Double
        /// The candidate chosen most often.
        public var favourite: String?
    }

    /// One goal in one environment.
    public struct GoalResult: Sendable, Hashable, Codable {
        /// The environment's name.
        public var environment: String
        /// What is minimized.
        public var objective: TraceGoals.Objective
        /// Milliseconds.
        public var deadline: Double
        /// Milliseconds from one sample to the next.
        public var period: Double
        /// The accuracy or the joules that bound it; nil where nothing does.
        public var bound: Double?
        /// By the policy's name, the oracles included.
        public var scores: [String: Score]
    }

    /// What the goals of an environment, or of all, sum up to for one policy.
    public struct Summary: Sendable, Hashable, Codable {
        /// What is minimized.
        public var objective: TraceGoals.Objective
        /// The environment; `all` for all of them.
        public var environment: String
        /// The policy's name; the oracles' too.
        public var policy: String
        /// How many goals there are.
        public var goals: Int
        /// How many of them it violates.
        public var violated: Int
        /// What is minimized, relative to the static oracle's: the harmonic mean over the goals that it does not
        /// violate; nil where it violates all.
        public var toStatic: Double?
        /// The same relative to the oracle's.
        public var toOracle: Double?
        /// The same relative to the better of `app-only` and `sys-only`, of those that do not violate the goal; nil
        /// where neither was played, or neither keeps a goal that this one keeps.
        public var toOneLayer: Double?
    }

    /// What one policy promised in one environment, and kept.
    public struct Promises: Sendable, Hashable, Codable {
        /// The environment's name.
        public var environment: String
        /// The policy's name.
        public var policy: String
        /// A tally for each of `TracePlayer.promises`.
        public var tallies: [PromiseTally]
    }

    /// How one goal went, sample by sample.
    public struct Timeline: Sendable, Hashable, Codable {
        /// The environment's name.
        public var environment: String
        /// Which of `goals`.
        public var goal: Int
        /// How much longer than profiled the largest candidate would have taken.
        public var slowdown: [Double]
        /// By the policy's name, what its answers were worth; 0 where none was in time.
        public var worth: [String: [Double]]
        /// By the policy's name, the joules its samples took.
        public var energy: [String: [Double]]
    }

    /// The format: `heed-bench/1`.
    public var format = Self.currentFormat
    /// The traces played.
    public var environments: [Environment]
    /// The policies played, in order, without the oracles.
    public var policies: [String]
    /// How bounds on energy were judged.
    public var budget: EnergyBudget
    /// Every goal, by environment and objective in the order of the plan.
    public var goals: [GoalResult] = []
    /// What the goals sum up to.
    public var summaries: [Summary] = []
    /// What was promised, and kept.
    public var promises: [Promises] = []
    /// One goal of each environment, sample by sample.
    public var timelines: [Timeline] = []

    /// The summary of a policy over all environments, or over one.
    public func summary(
        _ policy: String, _ objective: TraceGoals.Objective, environment: String = "all"
    ) -> Summary? {
        summaries.first { ($0.policy, $0.objective, $0.environment) == (policy, objective, environment) }
    }

    /// The share of 95 % promises that a policy kept in an environment; nil where it made none.
    public func keptOf95(_ policy: String, environment: String) -> Double? {
        promises.first { ($0.policy, $0.environment) == (policy, environment) }?.tallies
            .first { $0.promised == 0.95 }?.share
    }
}

/// How long policies took to decide: differs from run to run.
public struct BenchTimings: Sendable, Hashable, Codable {
    /// Microseconds a sample by the policy's name: to decide, to look up what it came to, and to learn; of the middle
    /// run.
    public var microseconds: [String: Double] = [:]
}
