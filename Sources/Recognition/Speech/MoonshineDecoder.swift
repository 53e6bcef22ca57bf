/// Moonshine's decoder: tokens so far to the scores of the next.
final class MoonshineDecoder {
    /// The most tokens, the start among them.
    var capacity: Int { cache.capacity }

    private let network: MoonshineManifest.Network
    private let runtime: OnnxRuntime
    private let run: VariableRun
    private let cache: KeyValueCache
    private let token = TensorMemory<Int64>(count: 1)
    private let logits: TensorMemory<Float>

    init(path: String, network: MoonshineManifest.Network, runtime: OnnxRuntime) throws(RecognitionError) {
        // One thread: the operations of a step are too small to share, and waking another for each takes longer.
        let session = try Session(path: path, options: SessionOptions(threads: 1), runtime: runtime)
        let (layers, heads, size) = (network.layers, network.heads, network.headSize)
        let past = KeyValueCache.descriptions("past", layers: layers, heads: heads, headSize: size)
        let present = KeyValueCache.descriptions("present", layers: layers, heads: heads, headSize: size)
        let cross = CrossAttention.descriptions(layers: layers, heads: heads, headSize: size)
        try session.check(
            inputs: [("tokens", .int64, [1, 1])] + past + cross,
            outputs: [("logits", .float32, [1, 1, network.vocabulary])] + present)
        run = try VariableRun(
            session, inputs: ["tokens"] + past.map(\.name) + cross.map(\.name),
            outputs: ["logits"] + present.map(\.name))
        let seconds = Double(SpeechAudio.longest / SpeechAudio.rate)
        cache = KeyValueCache(
            layers: layers, heads: heads, headSize: size,
            capacity: min(network.positions, Int(seconds * network.tokensPerSecond) + 1), runtime: runtime)
        logits = TensorMemory(count: network.vocabulary)
        self.network = network
        self.runtime = runtime
    }

    /// Forgets all tokens.
    func reset() throws(RecognitionError) { try cache.reset() }

    /// Goes on by a token, and gives the scores of the one after it, valid until the next step.
    func step(_ token: Int, cross: [Tensor]) throws(RecognitionError) -> Logits {
        self.token.buffer[0] = Int64(token)
        let given = try self.token.tensor([1, 1], runtime: runtime)
        let scores = try logits.tensor([1, 1, network.vocabulary], runtime: runtime)
        try cache.extend(by: 1) { (present) throws(RecognitionError) in
            try run.run(inputs: [given] + cache.past + cross, outputs: [scores] + present)
        }
        return Logits(scores: logits.buffer)
    }
}
