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
    /// - Throws: `AlertError` with code `unknownPolicy`, which lists the names and suggests the nearest, or
    ///   `invalidProfile`.
    public static func make(
        _ name: String, candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> any Policy {
        guard let maker = makers.first(where: { $0.name == name }) else {
            let list = names.joined(separator: ", ")
            let suggestion = nearest(to: name).map { "; did you mean \($0)?" } ?? ""
            throw AlertError(.unknownPolicy, "there is no policy \"\(name)\" (there are \(list))\(suggestion)")
        }
        return try maker.make(candidates, idlePower, goal)
    }

    /// Makes a policy by its name over all the candidates of a profile.
    /// - Throws: as `make(_:candidates:idlePower:goal:)`.
    public static func make(_ name: String, profile: Profile, goal: Goal) throws(AlertError) -> any Policy {
        try make(name, candidates: profile.candidates, idlePower: profile.idlePower, goal: goal)
    }

    /// The name that takes the fewest edits to reach, unless it would have to be rewritten altogether.
    private static func nearest(to name: String) -> String? {
        let closest = names.map { ($0, edits(from: Array(name), to: Array($0))) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = closest, distance <= max(2, candidate.count / 2) else { return nil }
        return candidate
    }

    /// The Levenshtein distance.
    private static func edits(from one: [Character], to other: [Character]) -> Int {
        var row = Array(0...other.count)
        for (i, left) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in other.enumerated() {
                let substituted = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[other.count]
    }
}
