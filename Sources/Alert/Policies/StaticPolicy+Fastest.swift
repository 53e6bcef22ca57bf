public import Units

extension StaticPolicy {
    /// Always the candidate with the shortest profiled median time, of several the one that draws least: `fastest`.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public static func fastest(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> StaticPolicy {
        try StaticPolicy(
            name: "fastest", candidates: candidates, idlePower: idlePower, goal: goal,
            comesBefore: { ($0.time.median, $0.power.value) < ($1.time.median, $1.power.value) })
    }

    static func fastest(_ task: Policies.Task) throws(AlertError) -> StaticPolicy {
        try fastest(candidates: task.candidates, idlePower: task.idlePower, goal: task.goal)
    }
}
