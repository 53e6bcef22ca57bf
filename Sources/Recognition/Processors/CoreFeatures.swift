/// What `/proc/cpuinfo` says of this machine's cores.
struct CoreFeatures: Sendable, Hashable {
    /// The maker's name, such as `Intel(R) Xeon(R) Gold 6430`; nil where the kernel does not tell.
    var name: String?
    /// The kernel's words for what the cores can do, such as `avx512_bf16`.
    var flags: Set<String>

    /// Whether bf16 is computed by instructions of its own; without them it gains nothing.
    var hasBfloat16: Bool { !flags.isDisjoint(with: ["avx512_bf16", "amx_bf16", "avx_ne_convert"]) }

    /// Reads what the last core's entry says; a file that cannot be read gives no features.
    static func read(_ path: String = "/proc/cpuinfo") -> CoreFeatures {
        var features = CoreFeatures(name: nil, flags: [])
        guard let bytes = try? FileReading.contents(of: path) else { return features }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1).map { part in
                part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "model name": features.name = parts[1]
            case "flags": features.flags = Set(parts[1].split(separator: " ").map(String.init))
            default: break
            }
        }
        return features
    }
}
