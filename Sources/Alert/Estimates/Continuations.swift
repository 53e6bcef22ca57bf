/// How often a stage is followed by the next one, where one that is sure enough of its answer is the last.
///
/// Stages whose answers are alike share what is learned: an exponentially weighted share over some 32 samples, from 1 at
/// the start, when nothing was seen to end early.
struct Continuations: Sendable {
    private static let weight = 1.0 / 32

    /// By the group of a stage's answers (`Difficulty.groups`).
    private var shares: ContiguousArray<Double>
    /// Whether any recogniser was seen to end early.
    private(set) var anyEnds = false

    init(count: Int) { shares = ContiguousArray(repeating: 1, count: count) }

    /// The share of the samples that go on after a stage.
    func share(after group: Int) -> Double { shares[group] }

    /// Takes in how many stages were done, the first being of group `first`, and whether the last of them ended it.
    mutating func observe(_ first: Int, stagesDone: Int, endedSure: Bool) {
        anyEnds = anyEnds || endedSure
        guard anyEnds, stagesDone > 0 else { return }
        for group in first..<min(first + stagesDone, shares.count) {
            let isLast = group == first + stagesDone - 1
            // Where it was stopped, or had no other stage, nothing tells whether it would have gone on.
            if isLast, !endedSure { break }
            shares[group] += Self.weight * ((isLast ? 0 : 1) - shares[group])
        }
    }
}
