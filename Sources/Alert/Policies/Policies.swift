public import Units

/// The policies by name. A new policy is one file and one line here.
public enum Policies {
    /// What a policy is made for.
    struct Task: Sendable {
        var candidates: [CandidateProfile]
        var idlePower: Watts
        var goal: Goal
        /// What a policy that tries at random draws from.
        var seed: UInt64
    }

    typealias Maker = @Sendable (Task) throws(AlertError) -> any Policy

    private static let makers: [(name: String, make: Maker)] = [
        ("alert", { task throws(AlertError) in try AlertPolicy(.standard, task) }),
        ("alert-paper", { task throws(AlertError) in try AlertPolicy(.paper, task) }),
        ("alert-anytime", { task throws(AlertError) in try AlertPolicy(.anytime, task) }),
        ("alert-traditional", { task throws(AlertError) in try AlertPolicy(.traditional, task) }),
        ("alert-mean", { task throws(AlertError) in try AlertPolicy(.mean, task) }),
        ("app-only", { task throws(AlertError) in try AlertPolicy(.appOnly, task) }),
        ("sys-only", { task throws(AlertError) in try AlertPolicy(.sysOnly, task) }),
        ("no-coordination", { task throws(AlertError) in try NoCoordinationPolicy(task) }),
        ("fastest", { task throws(AlertError) in try StaticPolicy.fastest(task) }),
        ("most-accurate", { task throws(AlertError) in try StaticPolicy.mostAccurate(task) }),
        ("autoscale", { task throws(AlertError) in try AutoscalePolicy(task) }),
        ("bandit", { task throws(AlertError) in try BanditPolicy(task) }),
    ]

    /// Every policy's name, the default first.
    public static let names: [String] = makers.map(\.name)

    /// Names of the default policy with an idea of heed's left out or added, to measure what each is worth.
    public static let ablations: [String] = AlertPolicy.Variant.ablations.map(\.name)

    /// Whether a policy keeps one of recogniser and setting as it is, so that it may need a candidate than which
    /// another, of another recogniser or setting, is never worse.
    ///
    /// Without them such a policy would not be what it studies: its one recogniser would have few settings left, or
    /// the default setting few recognisers.
    public static func needsDominated(_ name: String) -> Bool {
        ["app-only", "sys-only", "no-coordination"].contains(name)
    }

    /// Whether a policy weighs accuracy against a price of energy, and so can keep to a budget that streams share.
    public static func heedsEnergyPrice(_ name: String) -> Bool {
        !["fastest", "most-accurate", "autoscale", "bandit"].contains(name)
    }

    /// In what a policy is not what its name says among these candidates; nil where there is nothing to say.
    public static func caveat(_ name: String, candidates: [CandidateProfile]) -> String? {
        guard name == "alert-anytime", !candidates.contains(where: \.isAnytime) else { return nil }
        return "alert-anytime: no recogniser here answers in stages, so it chooses among all, as alert does"
    }

    /// Makes a policy by its name, an ablation's included.
    /// - Parameter seed: what a policy that tries at random draws from; the same seed decides the same.
    /// - Throws: `AlertError` with code `unknownPolicy`, which lists the names, or `invalidProfile`.
    public static func make(
        _ name: String, candidates: [CandidateProfile], idlePower: Watts, goal: Goal, seed: UInt64 = 0
    ) throws(AlertError) -> any Policy {
        let task = Task(candidates: candidates, idlePower: idlePower, goal: goal, seed: seed)
        if let maker = makers.first(where: { $0.name == name }) { return try maker.make(task) }
        if let variant = AlertPolicy.Variant.ablations.first(where: { $0.name == name }) {
            return try AlertPolicy(variant, task)
        }
        throw AlertError(.unknownPolicy, "there is no policy \"\(name)\"; there are \(names.joined(separator: ", "))")
    }

    /// Makes a policy by its name over all the candidates of a profile.
    /// - Throws: as `make(_:candidates:idlePower:goal:seed:)`.
    public static func make(
        _ name: String, profile: Profile, goal: Goal, seed: UInt64 = 0
    ) throws(AlertError) -> any Policy {
        try make(name, candidates: profile.candidates, idlePower: profile.idlePower, goal: goal, seed: seed)
    }
}
