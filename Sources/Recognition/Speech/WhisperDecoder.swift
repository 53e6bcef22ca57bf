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

    init(path: String, network: WhisperManifest.Network, options: SessionOptions, runtime: OnnxRuntime)
        throws(RecognitionError)
    {
        let session = try Session(path: path, options: options, runtime: runtime)
        let (heads, size) = (network.heads, network.headSize)
        let past = KeyValueCache.descriptions("past", layers: network.layers, heads: heads, headSize: size)
        let present = KeyValueCache.descriptions("present", layers: network.layers, heads: heads, headSize: size)
        let cross = CrossAttention.descriptions(layers: network.layers, heads: heads, headSize: size)
        try session.check(
            inputs: [("tokens", .int64, [1, -1]), ("rows", .int64, [-1])] + past + cross,
            outputs: [("logits", .float32, [-1, network.vocabulary])] + present)
        run = try VariableRun(
            session, inputs: ["tokens", "rows"] + past.map(\.name) + cross.map(\.name),
            outputs: ["logits"] + present.map(\.name))
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
