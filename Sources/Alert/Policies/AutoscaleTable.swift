/// What `autoscale` has learned: for each state and candidate, how much reward to expect.
///
/// Whoever owns a policy may save its table and hand it to the next one, which then need not learn anew; for another
/// profile the candidates of the same names take over what was learned.
public struct AutoscaleTable: Sendable, Hashable, Codable {
    /// The format this version of heed writes and reads.
    public static let currentFormat = "heed-autoscale/1"

    /// The file's format: `heed-autoscale/1`.
    public var format = Self.currentFormat
    /// The candidates' names, in the order of the columns.
    public private(set) var candidates: [String]
    /// The expected rewards, state by state, and in each candidate by candidate.
    public private(set) var values: [Double]
    /// How often each value was corrected.
    public private(set) var visits: [Int]

    /// A table that has seen nothing: each value as `initial` gives it.
    init(candidates: [String], initial: (_ state: Int, _ candidate: Int) -> Double) {
        self.candidates = candidates
        values = (0..<AutoscaleState.count).flatMap { state in candidates.indices.map { initial(state, $0) } }
        visits = Array(repeating: 0, count: values.count)
    }

    /// The expected reward of a candidate in a state.
    func value(_ state: Int, _ candidate: Int) -> Double { values[state * candidates.count + candidate] }

    /// The candidate of highest expected reward, of several the first.
    func best(_ state: Int, among allowed: CandidateSet) -> Int {
        var best = -1
        var bestValue = -Double.infinity
        for candidate in allowed {
            let value = value(state, candidate)
            if best < 0 || value > bestValue { (best, bestValue) = (candidate, value) }
        }
        return best
    }

    /// How often anything was learned in a state.
    func visits(of state: Int) -> Int {
        var sum = 0
        for column in state * candidates.count..<(state + 1) * candidates.count { sum += visits[column] }
        return sum
    }

    /// Moves a value towards `target` by the share `rate`.
    mutating func move(_ state: Int, _ candidate: Int, towards target: Double, rate: Double) {
        let index = state * candidates.count + candidate
        values[index] += rate * (target - values[index])
        visits[index] += 1
    }

    /// Takes over what another table has learned of candidates of the same names.
    /// - Throws: `AlertError` with code `invalidProfile` for a table that is not whole or of another format.
    mutating func take(over other: AutoscaleTable) throws(AlertError) {
        let size = AutoscaleState.count * other.candidates.count
        guard other.format == Self.currentFormat, other.values.count == size, other.visits.count == size,
            other.values.allSatisfy(\.isFinite)
        else {
            throw AlertError(
                .invalidProfile,
                "this table of autoscale's is damaged or of another version (\(other.format)); remove it to learn anew")
        }
        for (column, name) in candidates.enumerated() {
            guard let source = other.candidates.firstIndex(of: name) else { continue }
            for state in 0..<AutoscaleState.count where other.visits[state * other.candidates.count + source] > 0 {
                values[state * candidates.count + column] = other.value(state, source)
                visits[state * candidates.count + column] = other.visits[state * other.candidates.count + source]
            }
        }
    }
}
