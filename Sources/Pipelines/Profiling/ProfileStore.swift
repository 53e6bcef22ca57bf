public import Alert
import Foundation
public import Machine
import Recognition
import Units

/// Where a profile is kept, and the rules for trusting it.
public struct ProfileStore: Sendable {
    /// The profile's file.
    public let path: String
    /// Whether that is heed's own place, in the user's data folder.
    private let isOwnPlace: Bool

    /// A store at `path`, by default in the user's data folder.
    public init(path: String? = nil) {
        self.path = path ?? DataFolder.profiles + "/profile.json"
        isOwnPlace = path == nil
    }

    /// Whether a stored profile may be used.
    public enum Trust: Sendable {
        /// Only one of this machine and these models.
        case checked
        /// As it is, wherever it comes from.
        case asIs
        /// Not at all for these recognisers: they are measured anew.
        case measureAnew
    }

    /// What tells whether the rest can be read.
    private struct Head: Decodable {
        var format: String
    }

    /// The largest profile that is read.
    static let largestFile = 16 << 20

    /// Reads the profile; nil when there is none.
    ///
    /// - Throws: `PipelinesError` of code `badProfile` when the file is there but is not a profile.
    public func load() throws(PipelinesError) -> Profile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let profile: Profile
        let remedy = "remove it and run `heed profile`"
        do {
            let data = try readBounded(path, limit: Self.largestFile)
            let format = try JSONDecoder().decode(Head.self, from: data).format
            guard Profile.readableFormats.contains(format) else {
                throw PipelinesError(
                    .badProfile,
                    "\(path): a profile of format `\(format)`, expected `\(Profile.currentFormat)`; \(remedy)")
            }
            profile = try JSONDecoder().decode(Profile.self, from: data)
        } catch let error as PipelinesError where error.code == .badProfile {
            throw error
        } catch {
            throw PipelinesError(.badProfile, "\(path): not a readable profile; \(remedy)", cause: error)
        }
        return profile
    }

    /// Writes the profile, whole or not at all.
    public func save(_ profile: Profile) throws(PipelinesError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { try OutputFiles.write(encoder.encode(profile), to: path) } catch {
            throw PipelinesError(
                .badProfile, "\(path): the profile cannot be written: \(error.localizedDescription)", cause: error)
        }
    }

    /// Sees that a file can be made in the profile's folder, before minutes are spent on measuring; heed's own folder
    /// is made, one that was named must be there.
    private func prepare() throws(PipelinesError) {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if isOwnPlace {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            guard folder.isEmpty || FileManager.default.fileExists(atPath: folder) else {
                throw PipelinesError(.badProfile, "there is no such folder")
            }
            try OutputFiles.checkTakesFiles(folder)
        } catch {
            let reason = (error as? PipelinesError)?.message ?? error.localizedDescription
            throw PipelinesError(
                .badProfile,
                "\(path): the profile cannot be written: \(reason). Name another file with --profile", cause: error)
        }
    }

    /// The profile of the candidates of `recognizers` that run here, in their order; what is not yet measured is
    /// measured now and kept, beside what the store holds of others.
    ///
    /// Candidates that none of these need are marked as dominated.
    /// - Parameters:
    ///   - power: What sets the machine as candidates want it.
    ///   - unfinished: Runs to go on from, and what may stop the measuring.
    ///   - onProgress: Called with how far measuring is.
    ///   - notice: Told of each candidate that cannot run here, and why; the profile is without it.
    /// - Throws: `PipelinesError` of code `badProfile` when the stored profile does not fit and may not be used.
    public func profile(
        for recognizers: any MeasurableCandidates, machine: MachineDescription, meter: any EnergyMeter,
        power: PowerControl? = nil, trust: Trust = .checked, unfinished: UnfinishedRuns? = nil,
        onProgress: (ProfilingProgress) -> Void = { _ in }, notice: (String) -> Void = { _ in }
    ) throws -> Profile {
        let identity = Self.identity(machine, recognizers)
        var stored = try load()
        let differences = stored.map { self.differences($0, identity, recognizers) } ?? []
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
            stored = differences.isEmpty ? stored?.comparable(with: meter)?.without(recognizers.candidates) : nil
        }
        let known = Set((stored?.candidates ?? []).map(\.candidate))
        let missing = recognizers.candidates.indices.filter { !known.contains(recognizers.candidates[$0]) }
        var profile = stored ?? Self.empty(identity)
        // A profile of another machine stays as it is: what it lacked is measured for this run only.
        let isKept = !missing.isEmpty && (differences.isEmpty || stored == nil)
        if isKept { try prepare() }
        if !missing.isEmpty {
            profile.candidates += try measure(
                missing, of: recognizers, at: identity, meter, power, unfinished, onProgress: onProgress, notice: notice
            )
            complete(&profile, identity, recognizers, meter)
        }
        let own = own(recognizers, in: profile)
        if isKept { try save(profile.with(own.candidates)) }
        return own
    }

    /// Measures a part of the candidates of `recognizers` anew, estimates the others from it, and keeps both beside
    /// what the store holds of others.
    ///
    /// - Parameters:
    ///   - power: What sets the machine as candidates want it.
    ///   - unfinished: Runs to go on from, and what may stop the measuring.
    ///   - onProgress: Called with how far measuring is.
    ///   - notice: Told of each candidate that cannot run here, and why; the profile is without it.
    /// - Returns: The profile as `profile(for:)` gives it, and by which shares measured times are missed when estimated
    ///   from the others: how good the estimates are.
    public func estimatedProfile(
        for recognizers: any MeasurableCandidates, machine: MachineDescription, meter: any EnergyMeter,
        power: PowerControl? = nil, unfinished: UnfinishedRuns? = nil,
        onProgress: (ProfilingProgress) -> Void = { _ in },
        notice: (String) -> Void = { _ in }
    ) throws -> (profile: Profile, errors: [Double]) {
        try prepare()
        let identity = Self.identity(machine, recognizers)
        let stored = try load().flatMap { stored in
            differences(stored, identity, recognizers).isEmpty ? stored.comparable(with: meter) : nil
        }
        let kinds = recognizers.kinds
        let sample = ProfileEstimate.sample(of: recognizers.candidates, kinds: kinds)
        var measured = try measure(
            sample, of: recognizers, at: identity, meter, power, unfinished, onProgress: onProgress, notice: notice)
        var others = recognizers.candidates.indices.filter { !sample.contains($0) }.map { recognizers.candidates[$0] }
        // Where some of the sample do not run, what they were to stand for is measured itself.
        let unreachable = ProfileEstimate.unreachable(others, from: measured, kinds: kinds)
        if !unreachable.isEmpty {
            measured += try measure(
                recognizers.candidates.indices.filter { unreachable.contains(recognizers.candidates[$0]) },
                of: recognizers, at: identity, meter, power, unfinished, allMayFail: true, onProgress: onProgress,
                notice: notice)
            others.removeAll { unreachable.contains($0) }
        }
        let estimate = try ProfileEstimate(of: others, from: measured, kinds: kinds)
        var profile = stored?.without(recognizers.candidates) ?? Self.empty(identity)
        profile.candidates += measured + estimate.candidates
        complete(&profile, identity, recognizers, meter)
        let own = own(recognizers, in: profile)
        try save(profile.with(own.candidates))
        return (own, estimate.errors)
    }

    /// Measures candidates; where that is stopped, what there is of them is kept.
    private func measure(
        _ candidates: [Int], of recognizers: any MeasurableCandidates, at identity: [String: String],
        _ meter: any EnergyMeter, _ power: PowerControl?, _ unfinished: UnfinishedRuns?, allMayFail: Bool = false,
        onProgress: (ProfilingProgress) -> Void, notice: (String) -> Void
    ) throws -> [CandidateProfile] {
        let place = UnfinishedRuns.Place(
            machine: identity, models: recognizers.modelHashes, processors: recognizers.devices,
            energySource: meter.sources.description)
        let earlier = unfinished?.runs(of: candidates.map { recognizers.candidates[$0] }, at: place) ?? []
        if !earlier.isEmpty { notice("goes on from what was measured until it was stopped") }
        do {
            let (profiles, runs) = try Profiler(power: power).measure(
                candidates, of: recognizers, meter: meter, from: earlier,
                isStopped: unfinished?.isStopped ?? { false }, onProgress: onProgress, notice: notice)
            unfinished?.take(runs, at: place)
            return profiles
        } catch let stop as Profiler.Stop {
            unfinished?.take(stop.runs, at: place)
            let kept = try unfinished?.save() ?? path
            throw PipelinesError(
                .stopped, "stopped: what was measured is kept in \(kept); the next `heed profile` goes on from there")
        } catch {
            guard allMayFail else { throw error }
            return []
        }
    }

    private func differences(
        _ stored: Profile, _ identity: [String: String], _ recognizers: any MeasurableCandidates
    ) -> [String] {
        stored.differences(
            from: (machine: identity, models: recognizers.modelHashes), processors: recognizers.devices)
    }

    /// Notes what candidates were just measured on, and with what.
    private func complete(
        _ profile: inout Profile, _ identity: [String: String], _ recognizers: any MeasurableCandidates,
        _ meter: any EnergyMeter
    ) {
        profile.format = Profile.currentFormat
        profile.machine = identity
        profile.models.merge(recognizers.modelHashes) { _, new in new }
        profile.processors.merge(recognizers.devices) { _, new in new }
        let sources = profile.energySource + "+" + meter.sources.description
        profile.energySource = sources.split(separator: "+").map(String.init).withoutRepeats().joined(separator: "+")
        profile.idlePower = Profiler(power: nil).measureIdlePower(meter: meter)
    }

    /// What a profile says of exactly these candidates.
    private func own(_ recognizers: any MeasurableCandidates, in profile: Profile) -> Profile {
        var own = profile
        own.candidates = recognizers.candidates.indices.compactMap { index in
            var candidate = profile.candidates.first { $0.candidate == recognizers.candidates[index] }
            // Times are measured once; what is known of accuracy is the bundle's to say.
            candidate?.setAccuracies(recognizers.expectedAccuracies(of: index))
            return candidate
        }
        own.markDominated()
        return own
    }

    private static func identity(
        _ machine: MachineDescription, _ recognizers: any MeasurableCandidates
    ) -> [String: String] {
        machine.identity.merging(["onnxruntime": recognizers.runtimeVersion]) { _, new in new }
    }

    private static func empty(_ identity: [String: String]) -> Profile {
        Profile(machine: identity, models: [:], energySource: "", idlePower: .zero, candidates: [])
    }
}
