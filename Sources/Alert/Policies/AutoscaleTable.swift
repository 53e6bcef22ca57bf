/// What `autoscale` has learned: for each state and candidate, how much reward to expect.
struct AutoscaleTable: Sendable, Hashable {
    /// How many candidates it has: its columns.
    let width: Int
    /// The expected rewards, state by state, and in each candidate by candidate.
    private(set) var values: [Double]
    /// How often each value was corrected.
    private(set) var visits: [Int]

    /// A table that has seen nothing: each value as `initial` gives it.
    init(width: Int, initial: (_ state: Int, _ candidate: Int) -> Double) {
        self.width = width
        values = (0..<AutoscaleState.count).flatMap { state in (0..<width).map { initial(state, $0) } }
        visits = Array(repeating: 0, count: values.count)
    }

    /// The expected reward of a candidate in a state.
    func value(_ state: Int, _ candidate: Int) -> Double { values[state * width + candidate] }

    /// How often the value of a candidate in a state was corrected.
    func visits(_ state: Int, _ candidate: Int) -> Int { visits[state * width + candidate] }

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
        for column in state * width..<(state + 1) * width { sum += visits[column] }
        return sum
    }

    /// Moves a value towards `target` by the share `rate`; one that is no number tells nothing.
    mutating func move(_ state: Int, _ candidate: Int, towards target: Double, rate: Double) {
        guard target.isFinite else { return }
        let index = state * width + candidate
        values[index] += rate * (target - values[index])
        visits[index] += 1
    }

    /// Takes over what was learned elsewhere of a candidate in a state.
    mutating func take(_ value: Double, visits count: Int, _ state: Int, _ candidate: Int) {
        values[state * width + candidate] = value
        visits[state * width + candidate] = count
    }
}
