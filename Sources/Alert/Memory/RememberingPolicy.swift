/// A policy that takes long to learn what it knows, so that it is worth keeping from one run to the next.
public protocol RememberingPolicy: Policy {
    /// What it counts its lessons in: `inference`, `inferences`.
    static var lesson: (singular: String, plural: String) { get }

    /// The goal that what it learns now is worth something for; nil where it is for any.
    var learnsFor: LearnedGoal? { get }

    /// What it has learned for that goal. Allocates.
    var memory: PolicyMemory { get }

    /// Goes on from what a policy of the same name learned; what this one had learned by itself is forgotten where the
    /// memory knows better. Candidates of the same names take over what was learned of them.
    /// - Returns: how many of its lessons are of use here: none where all are of other candidates.
    /// - Throws: `AlertError` with code `invalidMemory` for one that is damaged, of another version, policy or goal;
    ///   then nothing is changed.
    @discardableResult
    mutating func recall(_ memory: PolicyMemory) throws(AlertError) -> Int
}
