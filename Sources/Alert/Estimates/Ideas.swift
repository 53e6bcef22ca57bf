/// What heed adds to ALERT, each on its own, so that each can be left out and measured (`docs/policies.md`).
struct Ideas: OptionSet, Sendable, Hashable {
    let rawValue: Int

    /// Probabilities from the distribution of recent ratios with a modelled tail, instead of a normal one.
    static let quantiles = Ideas(rawValue: 1 << 0)
    /// A slow-down for each kind of candidate and by how much memory decides, instead of one for all.
    static let factors = Ideas(rawValue: 1 << 1)
    /// The accuracy of this input by how sure the recogniser was of its last answers.
    static let difficulty = Ideas(rawValue: 1 << 2)
    /// What was stopped counts as what it is expected to have come to.
    static let censoring = Ideas(rawValue: 1 << 3)
    /// A budget of energy for the long run, instead of a bound on each sample.
    static let budget = Ideas(rawValue: 1 << 4)
    /// A bound on energy that is held for nine in ten samples, instead of on average.
    static let energyMargin = Ideas(rawValue: 1 << 6)
    /// A bound on accuracy that each answer in time keeps: the late ones are bounded by the deadline.
    static let answers = Ideas(rawValue: 1 << 7)
    /// What keeps every bound, if a little less surely than wanted, goes before what breaks one for every sample.
    static let tolerance = Ideas(rawValue: 1 << 8)
    /// What is hardly more accurate is not worth any energy.
    static let thrift = Ideas(rawValue: 1 << 9)
    /// What a switch costs is spread over the samples until the next one, instead of charged to the first.
    static let switching = Ideas(rawValue: 1 << 5)
}
