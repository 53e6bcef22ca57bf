public import Units

extension StaticPolicy {
    /// Always the candidate with the highest profiled accuracy, of several the fastest: `most-accurate`.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public static func mostAccurate(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> StaticPolicy {
        try StaticPolicy(
            name: "most-accurate",
            choice: { _, candidates in
                candidates.indices.reduce(0) { best, index in
                    let (one, other) = (candidates[index], candidates[best])
                    return (-one.accuracy, one.time.median) < (-other.accuracy, other.time.median) ? index : best
                }
            },
            candidates: candidates, idlePower: idlePower, goal: goal)
    }
}
