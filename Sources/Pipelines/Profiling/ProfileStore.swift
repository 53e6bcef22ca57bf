public import Alert
import Foundation
public import Machine
import Recognition
import Units

/// Where a profile is kept, and the rules for trusting it.
public struct ProfileStore: Sendable {
    /// The profile's file.
    public let path: String

    /// A store at `path`, by default in the user's data folder.
    public init(path: String? = nil) { self.path = path ?? DataFolder.profiles + "/profile.json" }

    /// Whether a stored profile may be used.
    public enum Trust: Sendable {
        /// Only one of this machine and these models.
        case checked
        /// As it is, wherever it comes from.
        case asIs
        /// Not at all for these recognisers: they are measured anew.
        case measureAnew
    }

    /// The largest profile that is read.
    private static let largestFile = 16 << 20

    /// Reads the profile; nil when there is none.
    ///
    /// - Throws: `PipelinesError` of code `badProfile` when the file is there but is not a profile.
    public func load() throws(PipelinesError) -> Profile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let profile: Profile
        do {
            profile = try JSONDecoder().decode(Profile.self, from: readBounded(path, limit: Self.largestFile))
        } catch {
            throw PipelinesError(.badProfile, "\(path): not a readable profile; run `heed profile`", cause: error)
        }
        guard profile.format == Profile.currentFormat else {
            throw PipelinesError(
                .badProfile,
                "\(path): a profile of format `\(profile.format)`, expected `\(Profile.currentFormat)`; run `heed profile`"
            )
        }
        return profile
    }

    /// Writes the profile, whole or not at all.
    public func save(_ profile: Profile) throws(PipelinesError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let folder = (path as NSString).deletingLastPathComponent
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try OutputFiles.write(encoder.encode(profile), to: path)
        } catch {
            throw PipelinesError(
                .badProfile, "\(path): the profile cannot be written: \(error.localizedDescription)", cause: error)
        }
    }

    /// The profile of exactly the candidates of `recognizers`, in their order; what is not yet measured is measured now
    /// and kept, beside what the store holds of others.
    ///
    /// - Parameter onProgress: Called with the share of measuring that is done, 0…1.
    /// - Throws: `PipelinesError` of code `badProfile` when the stored profile does not fit and may not be used.
    public func profile(
        for recognizers: any MeasurableCandidates, machine: MachineDescription, meter: any EnergyMeter,
        trust: Trust = .checked,
        onProgress: (Double) -> Void = { _ in }
    ) throws -> Profile {
        var identity = machine.identity
        identity["onnxruntime"] = recognizers.runtimeVersion
        var stored = try load()
        let differences = stored?.differences(from: (machine: identity, models: recognizers.modelHashes)) ?? []
        switch trust {
        case .asIs: break
        case .checked:
            guard differences.isEmpty else {
                throw PipelinesError(
                    .badProfile,
                    """
                    \(path): this profile does not fit: \(differences.joined(separator: "; ")). \
                    Run `heed profile` to measure anew, or pass --accept-profile to use it all the same
                    """)
            }
        case .measureAnew:
            // Figures of two meters are not compared.
            if !differences.isEmpty || stored?.energySource != meter.sources.description { stored = nil }
            stored?.candidates.removeAll { recognizers.candidates.contains($0.candidate) }
        }
        let known = Set((stored?.candidates ?? []).map(\.candidate))
        let missing = recognizers.candidates.indices.filter { !known.contains(recognizers.candidates[$0]) }
        var profile = Profile(
            machine: identity, models: (stored?.models ?? [:]).merging(recognizers.modelHashes) { _, new in new },
            energySource: stored?.energySource ?? meter.sources.description, idlePower: stored?.idlePower ?? .zero,
            candidates: stored?.candidates ?? [])
        if !missing.isEmpty {
            let profiler = Profiler()
            profile.candidates += try profiler.measure(missing, of: recognizers, meter: meter, onProgress: onProgress)
            profile.idlePower = profiler.measureIdlePower(meter: meter)
            let sources = profile.energySource + "+" + meter.sources.description
            profile.energySource = sources.split(separator: "+").map(String.init).withoutRepeats().joined(
                separator: "+")
            // A profile of another machine stays as it is: what it lacked is measured for this run only.
            if differences.isEmpty || stored == nil { try save(profile) }
        }
        profile.candidates = recognizers.candidates.indices.compactMap { index in
            var candidate = profile.candidates.first { $0.candidate == recognizers.candidates[index] }
            // Times are measured once; what is known of accuracy is the bundle's to say.
            candidate?.accuracy = recognizers.expectedAccuracy(of: index)
            return candidate
        }
        return profile
    }
}
