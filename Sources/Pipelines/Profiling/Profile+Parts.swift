import Alert
import Machine

extension Profile {
    /// Itself, unless another meter measured it: figures of two meters are not compared.
    func comparable(with meter: any EnergyMeter) -> Profile? {
        energySource == meter.sources.description ? self : nil
    }

    /// What it says of others than these.
    func without(_ gone: [Candidate]) -> Profile {
        var profile = self
        profile.candidates.removeAll { gone.contains($0.candidate) }
        return profile
    }

    /// The same, saying this of some candidates.
    func with(_ news: [CandidateProfile]) -> Profile {
        var profile = self
        let byName = Dictionary(news.map { ($0.candidate, $0) }) { first, _ in first }
        profile.candidates = candidates.map { byName[$0.candidate] ?? $0 }
        return profile
    }
}
