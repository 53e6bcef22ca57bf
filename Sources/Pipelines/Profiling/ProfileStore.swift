public import Alert
import Foundation
public import Machine
import Recognition

/// Where a profile is kept, and the rules for trusting it.
public struct ProfileStore: Sendable {
    /// The profile's file.
    public let path: String

    /// A store at `path`, by default in the user's data folder.
    public init(path: String? = nil) { self.path = path ?? DataFolder.profiles + "/profile.json" }

    /// Reads the profile; nil when there is none.
    ///
    /// - Throws: `PipelinesError` of code `badProfile` when the file is there but is not a profile.
    public func load() throws(PipelinesError) -> Profile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let profile = try JSONDecoder().decode(Profile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            guard profile.format == Profile.currentFormat else {
                throw PipelinesError(
                    .badProfile, "\(path): profile of format `\(profile.format)`, expected `\(Profile.currentFormat)`")
            }
            return profile
        } catch {
            throw PipelinesError(
                .badProfile, "\(path): not a readable profile (\(error)); run `heed profile`", cause: error)
        }
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
            try encoder.encode(profile).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PipelinesError(.badProfile, "\(path): the profile cannot be written: \(error)", cause: error)
        }
    }

    /// The profile of exactly the candidates of `recognizers`, in their order; what is not yet measured is measured now
    /// and kept.
    ///
    /// - Parameters:
    ///   - acceptsOthers: Takes a profile of another machine or other models as it is.
    ///   - remeasures: Measures all candidates, whatever the store holds.
    ///   - onProgress: Called with the share of measuring that is done, 0…1.
    /// - Throws: `PipelinesError` of code `badProfile` when the stored profile does not fit and may not be used.
    public func profile(
        for recognizers: RecognizerSet, machine: MachineDescription, meter: any EnergyMeter,
        acceptsOthers: Bool = false, remeasures: Bool = false, profiler: Profiler = Profiler(),
        onProgress: (Double) -> Void = { _ in }
    ) throws -> Profile {
        var identity = machine.identity
        identity["onnxruntime"] = recognizers.runtimeVersion
        var profile = remeasures ? nil : try load()
        if let stored = profile, !acceptsOthers {
            let differences = stored.differences(from: (machine: identity, models: recognizers.modelHashes))
            guard differences.isEmpty else {
                throw PipelinesError(
                    .badProfile,
                    """
                    \(path): this profile does not fit: \(differences.joined(separator: "; ")). \
                    Run `heed profile` to measure anew, or pass --accept-profile to use it all the same
                    """)
            }
        }
        let known = Set((profile?.candidates ?? []).map(\.candidate))
        let missing = recognizers.candidates.indices.filter { !known.contains(recognizers.candidates[$0]) }
        if !missing.isEmpty {
            let measured = try profiler.measure(missing, of: recognizers, meter: meter, onProgress: onProgress)
            let kept = profile?.candidates ?? []
            let models = (profile?.models ?? [:]).merging(recognizers.modelHashes) { _, new in new }
            let updated = Profile(
                machine: identity, models: models, energySource: meter.source.rawValue,
                idlePower: profiler.measureIdlePower(meter: meter), candidates: kept + measured)
            // A profile of another machine stays as it is: what it lacked is measured for this run only.
            if !acceptsOthers || profile == nil { try save(updated) }
            profile = updated
        }
        guard var fitting = profile else { throw PipelinesError(.badProfile, "\(path): nothing to profile") }
        fitting.candidates = recognizers.candidates.indices.compactMap { index in
            var candidate = fitting.candidates.first { $0.candidate == recognizers.candidates[index] }
            // Times are measured once; what is known of accuracy is the bundle's to say.
            candidate?.accuracy = recognizers.expectedAccuracy(of: index)
            return candidate
        }
        return fitting
    }
}
