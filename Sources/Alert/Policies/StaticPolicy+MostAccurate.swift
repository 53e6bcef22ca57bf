public import Units

extension StaticPolicy {
    /// Always the candidate with the highest profiled accuracy, of several the fastest: `most-accurate`.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public static func mostAccurate(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> StaticPolicy {
        try StaticPolicy(
            name: "most-accurate", candidates: candidates, idlePower: idlePower, goal: goal,
            comesBefore: { (-$0.accuracy, $0.time.median) < (-$1.accuracy, $1.time.median) })
    }

    static func mostAccurate(_ task: Policies.Task) throws(AlertError) -> StaticPolicy {
        try mostAccurate(candidates: task.candidates, idlePower: task.idlePower, goal: task.goal)
    }
}
