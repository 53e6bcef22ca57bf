/// Whisper's decoder: tokens so far to the scores of the next.
final class WhisperDecoder {
    /// The most tokens, those of the prompt among them.
    var capacity: Int { cache.capacity }

    private let network: WhisperManifest.Network
    private let runtime: OnnxRuntime
    private let run: VariableRun
    private let cache: KeyValueCache
    private let tokens: TensorMemory<Int64>
    private let rows = TensorMemory<Int64>(count: 2)
    private let logits: TensorMemory<Float>

    init(path: String, network: WhisperManifest.Network, threads: Int, runtime: OnnxRuntime) throws(RecognitionError) {
        let session = try Session(path: path, options: SessionOptions(threads: threads), runtime: runtime)
        let (heads, size) = (network.heads, network.headSize)
        func names(_ prefix: String) -> [String] {
            (0..<network.layers).flatMap { ["\(prefix)_key_\($0)", "\(prefix)_value_\($0)"] }
        }
        func caches(_ prefix: String) -> [(String, ElementType, [Int])] {
            names(prefix).map { ($0, .float32, [1, heads, -1, size]) }
        }
        let cross = (0..<network.layers).flatMap {
            [
                ("cross_key_\($0)", ElementType.float32, [1, heads, size, -1]),
                ("cross_value_\($0)", ElementType.float32, [1, heads, -1, size]),
            ]
        }
        try session.check(
            inputs: [("tokens", .int64, [1, -1]), ("rows", .int64, [-1])] + caches("past") + cross,
            outputs: [("logits", .float32, [-1, network.vocabulary])] + caches("present"))
        run = VariableRun(
            session, inputs: ["tokens", "rows"] + names("past") + names("cross"),
            outputs: ["logits"] + names("present"))
        cache = KeyValueCache(
            layers: network.layers, heads: heads, headSize: size, capacity: network.positions, runtime: runtime)
        tokens = TensorMemory(count: network.positions)
        logits = TensorMemory(count: 2 * network.vocabulary)
        self.network = network
        self.runtime = runtime
    }

    /// Forgets all tokens.
    func reset() throws(RecognitionError) { try cache.reset() }

    /// Goes on by `new` tokens, and gives the scores of what comes after each place in `places` (one or two of them).
    ///
    /// The scores are valid, and may be changed, until the next step.
    func step(_ new: [Int], places: [Int], cross: [Tensor]) throws(RecognitionError) -> [Logits] {
        precondition(!places.isEmpty && places.count <= 2, "the scores of one or two places")
        for (index, token) in new.enumerated() { tokens.buffer[index] = Int64(token) }
        for (index, place) in places.enumerated() { rows.buffer[index] = Int64(place) }
        let given = [
            try tokens.tensor([1, new.count], runtime: runtime), try rows.tensor([places.count], runtime: runtime),
        ]
        let scores = try logits.tensor([places.count, network.vocabulary], runtime: runtime)
        try cache.extend(by: new.count) { (present) throws(RecognitionError) in
            try run.run(inputs: given + cache.past + cross, outputs: [scores] + present)
        }
        return places.indices.map { place in
            let row = place * network.vocabulary..<(place + 1) * network.vocabulary
            return Logits(scores: UnsafeMutableBufferPointer(rebasing: logits.buffer[row]))
        }
    }
}
