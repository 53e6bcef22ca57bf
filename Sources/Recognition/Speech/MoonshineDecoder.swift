/// Moonshine's decoder: tokens so far to the scores of the next.
///
/// The graph is two in one: the first token's makes keys and values of the encoder's results, those after it use them.
final class MoonshineDecoder {
    private let network: MoonshineManifest.Network
    private let runtime: OnnxRuntime
    private let first: VariableRun
    private let next: VariableRun
    private let cache: KeyValueCache
    private let crossMemory: [TensorMemory<Float>]
    private let token = TensorMemory<Int64>(count: 1)
    private let isNext = TensorMemory<Bool>(count: 1)
    private let logits: TensorMemory<Float>

    private var encoded: MoonshineEncoder.Output?
    private var cross: [Tensor] = []

    init(
        path: String, network: MoonshineManifest.Network, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        // One thread: a step is a thousand operations too small to share, and waking another for each takes longer.
        let session = try Session(path: path, options: SessionOptions(threads: 1), runtime: runtime)
        func names(_ prefix: String, _ part: String) -> [String] {
            (0..<network.layers).flatMap { ["\(prefix).\($0).\(part).key", "\(prefix).\($0).\(part).value"] }
        }
        func caches(_ names: [String]) -> [(String, ElementType, [Int])] {
            names.map { ($0, .float32, [-1, network.heads, -1, network.headSize]) }
        }
        let past = (own: names("past_key_values", "decoder"), cross: names("past_key_values", "encoder"))
        let present = (own: names("present", "decoder"), cross: names("present", "encoder"))
        try session.check(
            inputs: [
                ("input_ids", .int64, [-1, -1]), ("encoder_hidden_states", .float32, [-1, -1, network.width]),
                ("encoder_attention_mask", .int64, [-1, -1]), ("use_cache_branch", .bool, [1]),
            ] + caches(past.own + past.cross),
            outputs: [("logits", .float32, [-1, -1, network.vocabulary])] + caches(present.own + present.cross))

        let inputs =
            ["input_ids", "encoder_hidden_states", "encoder_attention_mask", "use_cache_branch"] + past.own + past.cross
        first = VariableRun(session, inputs: inputs, outputs: ["logits"] + present.own + present.cross)
        next = VariableRun(session, inputs: inputs, outputs: ["logits"] + present.own)
        let seconds = Double(SpeechAudio.longest / SpeechAudio.rate)
        cache = KeyValueCache(
            layers: network.layers, heads: network.heads, headSize: network.headSize,
            capacity: Int(seconds * network.tokensPerSecond) + 1, runtime: runtime)
        let longest = network.encodedLength(of: SpeechAudio.longest) * network.heads * network.headSize
        crossMemory = (0..<2 * network.layers).map { _ in TensorMemory(count: longest) }
        logits = TensorMemory(count: network.vocabulary)
        self.network = network
        self.runtime = runtime
    }

    /// Forgets all tokens and turns to another sound.
    func reset(_ encoded: MoonshineEncoder.Output) throws(RecognitionError) {
        try cache.reset()
        self.encoded = encoded
        cross = try tensors(length: 0)
    }

    /// Goes on by a token, and gives the scores of the one after it, valid until the next step.
    func step(_ token: Int) throws(RecognitionError) -> Logits {
        guard let encoded else { preconditionFailure("a decoder needs a sound") }
        let isFirst = cache.length == 0
        self.token.buffer[0] = Int64(token)
        isNext.buffer[0] = !isFirst
        let given = [
            try self.token.tensor([1, 1], runtime: runtime), encoded.results, encoded.mask,
            try isNext.tensor([1], runtime: runtime),
        ]
        let scores = try logits.tensor([1, 1, network.vocabulary], runtime: runtime)
        let made = isFirst ? try tensors(length: encoded.length) : []
        try cache.extend(by: 1) { (present) throws(RecognitionError) in
            try (isFirst ? first : next).run(inputs: given + cache.past + cross, outputs: [scores] + present + made)
        }
        if isFirst { cross = made }
        return Logits(scores: logits.buffer)
    }

    private func tensors(length: Int) throws(RecognitionError) -> [Tensor] {
        var tensors: [Tensor] = []
        for memory in crossMemory {
            tensors.append(try memory.tensor([1, network.heads, length, network.headSize], runtime: runtime))
        }
        return tensors
    }
}
