/// What a policy learned, as a value that outlives it: to be kept, and handed to a policy of the same name later.
///
/// It may come from a file that anybody could have changed, so a policy that recalls it checks every figure.
public struct PolicyMemory: Sendable, Hashable, Codable {
    /// What `names` and `numbers` hold, and in which order: `autoscale/1`.
    public var format: String
    /// The name of the policy that learned it.
    public var policy: String
    /// The goal that it is worth something for; nil where it is for any.
    public var goal: LearnedGoal?
    /// How much was learned, in the policy's own lessons.
    public var lessons: Int
    /// The policy's own state: what its numbers are of.
    public var names: [String: [String]]
    /// The policy's own state.
    public var numbers: [String: [Double]]

    /// Makes a memory.
    public init(
        format: String, policy: String, goal: LearnedGoal?, lessons: Int, names: [String: [String]] = [:],
        numbers: [String: [Double]]
    ) {
        self.format = format
        self.policy = policy
        self.goal = goal
        self.lessons = lessons
        self.names = names
        self.numbers = numbers
    }

    /// Whether another one takes this one's place: it is the same policy's, for the same goal.
    public func isReplaced(by other: PolicyMemory) -> Bool { policy == other.policy && goal == other.goal }
}

extension PolicyMemory {
    /// More lessons than any run has: sums of them stay far from what an `Int` holds.
    private static let mostLessons = 1e12

    /// Sees that this is a policy's own, in a format that it reads.
    func check(format wanted: String, for policy: some RememberingPolicy) throws(AlertError) {
        guard self.policy == policy.name else {
            throw AlertError(.invalidMemory, "this was learned by \(self.policy), not by \(policy.name)")
        }
        guard format == wanted else {
            throw AlertError(
                .invalidMemory,
                "what \(self.policy) learned is in format `\(format)`, expected `\(wanted)`: it is of another version")
        }
        guard goal == policy.learnsFor else {
            throw AlertError(.invalidMemory, "what \(self.policy) learned was for another goal")
        }
        guard (0...Int(Self.mostLessons)).contains(lessons) else { throw damaged("`lessons` is \(lessons)") }
    }

    /// The names at `key`, each of which is there once.
    func names(_ key: String) throws(AlertError) -> [String] {
        guard let found = names[key] else { throw damaged("`\(key)` is missing") }
        guard Set(found).count == found.count else { throw damaged("a name stands twice in `\(key)`") }
        return found
    }

    /// The numbers at `key`, all of them finite and so many.
    func numbers(_ key: String, count: Int) throws(AlertError) -> [Double] {
        guard let found = numbers[key] else { throw damaged("`\(key)` is missing") }
        guard found.count == count else { throw damaged("`\(key)` has \(found.count) numbers, expected \(count)") }
        guard found.allSatisfy(\.isFinite) else { throw damaged("`\(key)` has a number that is not finite") }
        return found
    }

    /// Numbers that count something.
    func counts(_ key: String, count: Int) throws(AlertError) -> [Int] {
        let numbers = try numbers(key, count: count)
        guard numbers.allSatisfy({ (0...Self.mostLessons).contains($0) && $0 == $0.rounded() }) else {
            throw damaged("`\(key)` has a number that counts nothing")
        }
        return numbers.map { Int($0) }
    }

    /// That something in it cannot be.
    func damaged(_ what: String) -> AlertError {
        AlertError(.invalidMemory, "what \(policy) learned is damaged: \(what)")
    }
}
