/// How much harder than usual the samples are now, told from how sure the recogniser was of its last answers.
///
/// Errors grow by one factor η for all candidates, as times grow by one slow-down: a candidate of accuracy q gets
/// 1 − (1 − q) η right. A candidate's confidence c is calibrated against its own past, so that a mean confidence means
/// a sample as usual, whatever scale it is on:
/// ```
/// h = (1 − c) / mean of its (1 − c)
/// ```
/// The next sample is as hard as the last ones only where samples hang together. How much they do is learned as the
/// regression φ of h on the running mean m of those before:
/// ```
/// η = 1 + φ (m − 1)      m ← m + 0.25 (h − m)      φ = Σ (h − 1)(m − 1) / (Σ (m − 1)² + λ), within 0 … 1
/// ```
/// Where samples have nothing to do with one another φ stays near 0, and η near 1.
struct Difficulty: Sendable {
    private static let weight = 0.25
    /// What the sums of the regression keep of themselves with each sample: a memory of some 250.
    private static let retention = 0.996
    /// λ: how much must have been seen before φ leaves 0.
    private static let stiffness = 2.0
    private static let ratioLimit = 4.0
    static let bounds = 0.25...3.0

    private struct Doubt: Sendable, BitwiseCopyable {
        var mean = 0.0
        var count = 0.0
    }

    /// The doubt in the answers of each group.
    private var doubts: ContiguousArray<Doubt>
    private var recent = 1.0
    private var product = 0.0
    private var square = 0.0

    init(count: Int) { doubts = ContiguousArray(repeating: Doubt(), count: count) }

    /// Which candidates' answers are alike: those of one recogniser, task and precision, stage by stage.
    /// - Returns: for each candidate the group of its first answer, the next stage's being the next one; and how many
    ///   groups there are.
    static func groups(of candidates: [CandidateProfile]) -> (first: [Int32], count: Int) {
        func isAlike(_ one: Candidate, _ other: Candidate) -> Bool {
            one.recognizer == other.recognizer && one.task == other.task
                && one.setting.precision == other.setting.precision
        }
        var (found, count) = ([(candidate: Candidate, first: Int32)](), 0)
        let first = candidates.map { profile -> Int32 in
            if let alike = found.first(where: { isAlike($0.candidate, profile.candidate) }) { return alike.first }
            let stages = candidates.filter { isAlike($0.candidate, profile.candidate) }.map(\.stages.count).max() ?? 0
            found.append((profile.candidate, Int32(count)))
            count += max(stages, 1)
            return Int32(count - max(stages, 1))
        }
        return (first, count)
    }

    /// φ.
    var persistence: Double { min(max(product / (square + Self.stiffness), 0), 1) }

    /// η, the factor on the errors of the next sample.
    var errorRatio: Double {
        min(max(1 + persistence * (recent - 1), Self.bounds.lowerBound), Self.bounds.upperBound)
    }

    /// Takes in how sure a recogniser was of an answer of this group, 0…1; anything else tells nothing.
    mutating func observe(_ group: Int, confidence: Double) {
        guard (0...1).contains(confidence), doubts.indices.contains(group) else { return }
        let doubt = max(1 - confidence, 1e-3)
        let known = doubts[group]
        let count = min(known.count + 1, 256)
        doubts[group] = Doubt(mean: known.mean + (doubt - known.mean) / count, count: count)
        guard known.count >= 8 else { return }
        let ratio = min(doubt / known.mean, Self.ratioLimit)
        product = Self.retention * product + (ratio - 1) * (recent - 1)
        square = Self.retention * square + (recent - 1) * (recent - 1)
        recent += Self.weight * (ratio - recent)
    }
}
