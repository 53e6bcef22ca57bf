/// What outlives a run of `bandit`: what was said of answers.
extension BanditPolicy: RememberingPolicy {
    private static let format = "bandit/1"
    private static let (inverseKey, momentsKey) = ("inverse", "moments")

    /// Each answer that something was said of is a lesson.
    public static let lesson = (singular: "judged answer", plural: "judged answers")

    /// What is wanted of answers is learned across goals.
    public var learnsFor: LearnedGoal? { nil }

    /// A⁻¹ and b.
    public var memory: PolicyMemory {
        PolicyMemory(
            format: Self.format, policy: name, goal: nil, lessons: judged,
            numbers: [Self.inverseKey: regression.inverseNumbers, Self.momentsKey: regression.momentNumbers])
    }

    /// Knows what was said until then, and nothing else.
    public mutating func recall(_ memory: PolicyMemory) throws(AlertError) -> Int {
        try memory.check(format: Self.format, for: self)
        let inverse = try memory.numbers(Self.inverseKey, count: 64)
        let moments = try memory.numbers(Self.momentsKey, count: 8)
        let mostMoment = Self.stiffness + BanditFeatures.largest * Double(memory.lessons)
        guard moments.allSatisfy({ abs($0) <= mostMoment }),
            let known = RidgeRegression(inverse: inverse, moments: moments, stiffness: Self.stiffness)
        else {
            throw memory.damaged("no feedback leads to `\(Self.inverseKey)` and `\(Self.momentsKey)`")
        }
        (regression, judged, answered) = (known, memory.lessons, nil)
        return judged
    }
}
