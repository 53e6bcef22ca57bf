/// What came of a goal played over a trace: sums over its samples, and single ones where that was asked for.
public struct PlayedRun: Sendable, Hashable {
    /// How many samples were played.
    public internal(set) var samples = 0
    /// Samples without an answer by their deadline, the expired included.
    public internal(set) var late = 0
    /// Samples that the policy gave up on before it ran anything.
    public internal(set) var expired = 0
    /// Samples answered in time by a stage that is worth less than the goal's accuracy.
    public internal(set) var tooInaccurate = 0
    /// Samples that spent more than the goal's energy.
    public internal(set) var overBudget = 0
    /// Samples that broke the goal in at least one of these ways.
    public internal(set) var broken = 0
    /// How often another candidate was chosen than the sample before.
    public internal(set) var switches = 0
    /// The energy of all samples, waiting included, in joules.
    public internal(set) var energy = 0.0
    /// The sum of the answers' qualities: of labels, how many were right.
    public internal(set) var quality = 0.0
    /// The sum of the answers' accuracies as profiled, which is what an answer is expected to be worth.
    public internal(set) var worth = 0.0
    /// How often each candidate was chosen.
    public internal(set) var choices: [Int]
    /// What was promised of deadlines, and what was kept; empty for runs that promise nothing.
    public internal(set) var calibration = Calibration()
    /// How long the run took, replay included. Timing: differs from run to run.
    public internal(set) var elapsed = Duration.zero
    /// Single samples, where they were asked for.
    public internal(set) var steps: [Step] = []

    /// What became of one sample.
    public struct Step: Sendable, Hashable {
        /// The chosen candidate; -1 where there was none.
        public var candidate: Int
        /// The stage that answered in time; 0 where none did.
        public var stage: Int
        /// The time it took, in seconds.
        public var time: Double
        /// The energy it spent, waiting included.
        public var energy: Double
    }

    init(candidates: Int) { choices = Array(repeating: 0, count: candidates) }

    /// The mean energy of a sample, in joules.
    public var meanEnergy: Double { energy / Double(max(samples, 1)) }
    /// The share of samples that were not right: one less the mean quality.
    public var error: Double { 1 - quality / Double(max(samples, 1)) }
    /// One less the mean accuracy as profiled of the answers that were in time.
    public var expectedError: Double { 1 - worth / Double(max(samples, 1)) }
    /// The share of samples that broke the goal.
    public var brokenShare: Double { Double(broken) / Double(max(samples, 1)) }

    /// The share of samples that may break a goal before it counts as violated (ALERT, evaluation).
    public static let tolerance = 0.1

    /// Whether the goal counts as violated.
    public func violates(_ goal: TraceGoal, budget: EnergyBudget) -> Bool {
        if brokenShare > Self.tolerance { return true }
        guard budget == .mean, !goal.minimizesEnergy, let bound = goal.bound else { return false }
        return meanEnergy > bound
    }
}

extension PlayedRun {
    /// Counts one sample.
    mutating func add(
        _ outcome: Outcome?, candidate: Int, energy spent: Double, quality: Double, worth: Double,
        for bounds: Bounds
    ) {
        samples += 1
        energy += spent
        self.quality += quality
        self.worth += worth
        let isLate = (outcome?.stage ?? 0) == 0
        let isTooInaccurate = !isLate && worth < bounds.accuracy
        let isOverBudget = spent > bounds.energy
        if isLate { late += 1 }
        if isTooInaccurate { tooInaccurate += 1 }
        if isOverBudget { overBudget += 1 }
        if isLate || isTooInaccurate || isOverBudget && bounds.judgesEach { broken += 1 }
        if candidate >= 0 { choices[candidate] += 1 } else { expired += 1 }
    }
}

/// A goal in the terms of the loop: an energy and an accuracy that bound each sample.
struct Bounds: Sendable, BitwiseCopyable {
    var deadline: Double
    var period: Double
    var energy = Double.infinity
    var accuracy = -Double.infinity
    var minimizesEnergy: Bool
    var missAccuracy: Double
    /// Whether a sample over its energy breaks the goal.
    var judgesEach = true

    /// How many times what a candidate takes must fit into the time that is left.
    var timeMargin = 1.0

    /// What is left of a sample's deadline when its inference begins, less the margin.
    @inline(__always)
    func timeLeft(_ row: UnsafePointer<Float>) -> Double { max(deadline - Double(row[2]), 0) / timeMargin }
}
