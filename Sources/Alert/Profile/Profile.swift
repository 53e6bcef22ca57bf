public import Units

/// The file `heed profile` writes: every candidate's time, power and accuracy, and what they were measured on.
public struct Profile: Sendable, Hashable, Codable {
    /// The format this version of heed writes.
    public static let currentFormat = "heed-profile/2"
    /// The formats it reads. The first knew neither processors nor estimates: all of it was measured on `cpu`.
    public static let readableFormats = ["heed-profile/1", currentFormat]

    /// The file's format: `heed-profile/2`.
    public var format: String
    /// What it was measured on: `cpu`, `cores`, `onnxruntime` …
    public var machine: [String: String]
    /// The recognisers measured, each with the SHA-256 of its model.
    public var models: [String: String]
    /// The processors measured besides the machine's own, each with its device and driver in words.
    public var processors: [String: String]
    /// Where the powers come from: `estimated`, `rapl` …
    public var energySource: String
    /// The power drawn while waiting for the next sample.
    public var idlePower: Watts
    /// The candidates' profiles.
    public var candidates: [CandidateProfile]

    /// Makes a profile.
    public init(
        format: String = Profile.currentFormat, machine: [String: String], models: [String: String],
        processors: [String: String] = [:], energySource: String, idlePower: Watts, candidates: [CandidateProfile]
    ) {
        self.format = format
        self.machine = machine
        self.models = models
        self.processors = processors
        self.energySource = energySource
        self.idlePower = idlePower
        self.candidates = candidates
    }

    private enum CodingKeys: String, CodingKey {
        case format
        case machine
        case models
        case processors
        case energySource = "energy_source"
        case idlePower = "idle_power_w"
        case candidates
    }

    /// What keeps this profile from describing `other`, one line for each difference; empty when it fits.
    ///
    /// A recogniser or a processor that only one of the two knows is no difference: the others' figures still hold.
    public func differences(
        from other: (machine: [String: String], models: [String: String]), processors here: [String: String] = [:]
    ) -> [String] {
        var words: [String] = []
        for key in Set(machine.keys).union(other.machine.keys).sorted() {
            switch (machine[key], other.machine[key]) {
            case (let there?, let here?) where there != here:
                words.append("\(key): measured with \(there), here is \(here)")
            case (let there?, nil):
                words.append("\(key): measured with \(there), not known here")
            case (nil, let here?):
                words.append("\(key): not noted when measured, here is \(here)")
            default:
                break
            }
        }
        for (recognizer, hash) in other.models.sorted(by: { $0.key < $1.key }) {
            if let measured = models[recognizer], measured != hash {
                words.append(
                    "\(recognizer): the model has changed (SHA-256 \(measured.prefix(12))… measured, "
                        + "\(hash.prefix(12))… here)")
            }
        }
        for (processor, device) in here.sorted(by: { $0.key < $1.key }) {
            if let measured = processors[processor], measured != device {
                words.append("\(processor): measured with \(measured), here is \(device)")
            }
        }
        return words
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            format: try values.decode(String.self, forKey: .format),
            machine: try values.decode([String: String].self, forKey: .machine),
            models: try values.decode([String: String].self, forKey: .models),
            processors: try values.decodeIfPresent([String: String].self, forKey: .processors) ?? [:],
            energySource: try values.decode(String.self, forKey: .energySource),
            idlePower: try values.decode(Watts.self, forKey: .idlePower),
            candidates: try values.decode([CandidateProfile].self, forKey: .candidates))
    }
}
