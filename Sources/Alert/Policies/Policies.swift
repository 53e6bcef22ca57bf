public import Units

/// The policies by name. A new policy is one file and one line here.
public enum Policies {
    private typealias Maker =
        @Sendable (_ candidates: [CandidateProfile], _ idlePower: Watts, _ goal: Goal) throws(AlertError)
        -> any Policy

    private static let makers: [(name: String, make: Maker)] = [
        (
            "alert",
            { (candidates, idlePower, goal) throws(AlertError) in
                try AlertPolicy(candidates: candidates, idlePower: idlePower, goal: goal)
            }
        ),
        (
            "alert-paper",
            { (candidates, idlePower, goal) throws(AlertError) in
                try AlertPolicy.paper(candidates: candidates, idlePower: idlePower, goal: goal)
            }
        ),
        (
            "fastest",
            { (candidates, idlePower, goal) throws(AlertError) in
                try StaticPolicy.fastest(candidates: candidates, idlePower: idlePower, goal: goal)
            }
        ),
        (
            "most-accurate",
            { (candidates, idlePower, goal) throws(AlertError) in
                try StaticPolicy.mostAccurate(candidates: candidates, idlePower: idlePower, goal: goal)
            }
        ),
    ]

    /// Every policy's name, the default first.
    public static let names: [String] = makers.map(\.name)

    /// Makes a policy by its name.
    /// - Throws: `AlertError` with code `unknownPolicy`, which lists the names, or
    ///   `invalidProfile`.
    public static func make(
        _ name: String, candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> any Policy {
        guard let maker = makers.first(where: { $0.name == name }) else {
            throw AlertError(
                .unknownPolicy, "there is no policy \"\(name)\"; there are \(names.joined(separator: ", "))")
        }
        return try maker.make(candidates, idlePower, goal)
    }

    /// Makes a policy by its name over all the candidates of a profile.
    /// - Throws: as `make(_:candidates:idlePower:goal:)`.
    public static func make(_ name: String, profile: Profile, goal: Goal) throws(AlertError) -> any Policy {
        try make(name, candidates: profile.candidates, idlePower: profile.idlePower, goal: goal)
    }
}
