/// What a report needs of one line of a results file; docs/results.md explains the keys.
struct ReportedSample: Decodable {
    enum Stream: String, Decodable, CaseIterable { case frames, speech }
    enum Outcome: String, Decodable, CaseIterable { case met, late, expired, superseded, lost, failed }
    enum Kind: String, Decodable { case partial, final, gap }

    var stream: Stream
    var sequence: Int
    var captured: Int64
    var deadline: Double
    var outcome: Outcome
    var count: Int?
    var candidate: String?
    var inference: Double?
    var latency: Double?
    var slowdown: Double?
    var energy: Double?
    var energySource: String?
    var kind: Kind?
    var start: Double?
    var end: Double?
    var text: String?

    /// How many samples the line stands for.
    var samples: Int { max(1, count ?? 1) }

    /// Whether its numbers are such that sums of them stay numbers.
    var isPlausible: Bool { captured >= 0 && (0...1_000_000_000).contains(count ?? 1) }

    private enum CodingKeys: String, CodingKey {
        case stream, sequence, outcome, count, candidate, slowdown, kind, start, end, text
        case captured = "captured_ns"
        case deadline = "deadline_ms"
        case inference = "inference_ms"
        case latency = "latency_ms"
        case energy = "energy_j"
        case energySource = "energy_source"
    }
}
