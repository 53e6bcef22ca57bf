/// What `/proc/cpuinfo` says of the processor.
struct ProcessorDescription {
    /// The processor's name, as people know it where the kernel knows it.
    var model: String
    /// The extensions that change how fast inference is, sorted.
    var flags: [String]

    /// The extensions that inference engines choose their code by.
    private static let flagsOfInterest: Set<String> = [
        "avx", "avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8",
        "amx_bf16", "fma",
        "asimd", "asimddp", "asimdhp", "bf16", "i8mm", "sve", "sve2", "neon",
    ]

    init(_ cpuinfo: String, architecture: String) {
        let lines = cpuinfo.keyedLines()
        func values(_ key: String) -> [String] {
            var seen: Set<String> = []
            return lines.filter { $0.key == key && !$0.value.isEmpty && seen.insert($0.value).inserted }.map(\.value)
        }

        // x86 says "flags", ARM "Features".
        let all = (values("flags") + values("Features")).flatMap { $0.split(separator: " ").map(String.init) }
        flags = Self.flagsOfInterest.intersection(all).sorted()

        if let name = values("model name").first {
            model = name
            return
        }
        // ARM kernels know the core by numbers (several where big and little cores mix) and some boards by name.
        let board = values("Model").first ?? values("Hardware").first
        let parts = values("CPU part").joined(separator: "+")
        let core =
            parts.isEmpty ? nil : "part \(parts) of implementer \(values("CPU implementer").joined(separator: "+"))"
        let known = [board, core].compactMap { $0 }
        model = known.isEmpty ? "\(architecture) processor" : known.joined(separator: ", ")
    }
}
