import Synchronization

/// Which lanes of a run are at work, so that none takes what another spends for its own, or for the machine's idling.
final class LaneActivity: Sendable {
    /// A moment, by what had begun until then and how many were at work.
    struct Mark {
        fileprivate var begun: Int
        fileprivate var working: Int
    }

    private let begun = Atomic<Int>(0)
    private let working = Atomic<Int>(0)

    /// A lane begins to work on a sample.
    func begin() {
        begun.add(1, ordering: .relaxed)
        working.add(1, ordering: .relaxed)
    }

    /// A lane is done with a sample.
    func end() { working.subtract(1, ordering: .relaxed) }

    /// The present moment.
    var mark: Mark { Mark(begun: begun.load(ordering: .relaxed), working: working.load(ordering: .relaxed)) }

    /// Whether the caller, at work since before `mark`, was the only one since then.
    func isAlone(since mark: Mark) -> Bool { mark.working == 1 && begun.load(ordering: .relaxed) == mark.begun }

    /// Whether nobody was at work since `mark`.
    func isQuiet(since mark: Mark) -> Bool { mark.working == 0 && begun.load(ordering: .relaxed) == mark.begun }
}
