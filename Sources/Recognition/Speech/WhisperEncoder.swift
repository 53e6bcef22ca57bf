/// Whisper's encoder: samples to what each decoder layer attends to.
final class WhisperEncoder {
    /// The keys and values of the last sound, in the order key, value of each layer.
    private(set) var cross: [Tensor] = []
    /// The most samples that are looked at.
    var capacity: Int { network.frames * Self.hop }

    private static let hop = 160
    /// Silence after the sound, so that the last window of the spectrogram that has sound in it is computed.
    private static let margin = 3 * hop
    /// The encoder halves the frames, then attends to them in four parts, which OpenVINO wants to be equal.
    private static let step = 8

    private let network: WhisperManifest.Network
    private let runtime: OnnxRuntime
    private let run: VariableRun
    private let samples: TensorMemory<Float>
    private let frames = TensorMemory<Int64>(count: 1)
    private let memories: [TensorMemory<Float>]

    init(path: String, network: WhisperManifest.Network, options: SessionOptions, runtime: OnnxRuntime)
        throws(RecognitionError)
    {
        let session = try Session(path: path, options: options, runtime: runtime)
        let outputs = CrossAttention.descriptions(
            layers: network.layers, heads: network.heads, headSize: network.headSize)
        try session.check(inputs: [("samples", .float32, [1, -1]), ("frames", .int64, [1])], outputs: outputs)
        run = try VariableRun(session, inputs: ["samples", "frames"], outputs: outputs.map(\.name))
        memories = outputs.map { _ in TensorMemory(count: network.frames / 2 * network.heads * network.headSize) }
        samples = TensorMemory(count: network.frames * Self.hop)
        self.network = network
        self.runtime = runtime
    }

    /// Encodes `sound` as if silence followed it up to `window` frames of 10 ms, or a few more. Blocks; fills
    /// ``cross``.
    func encode(_ sound: UnsafeBufferPointer<Float>, window: Int) throws(RecognitionError) {
        precondition(sound.count <= capacity, "\(sound.count) samples are more than the encoder's window")
        let hop = Self.hop
        let count = min((sound.count + hop - 1) / hop * hop + Self.margin, capacity)
        // A window must hold the sound.
        let steps = (max(window, count / hop) + Self.step - 1) / Self.step
        let window = min(steps * Self.step, network.frames)
        _ = samples.buffer.update(fromContentsOf: sound)
        samples.buffer[sound.count..<count].update(repeating: 0)
        frames.buffer[0] = Int64(window)
        let inputs = [
            try samples.tensor([1, count], runtime: runtime), try frames.tensor([1], runtime: runtime),
        ]
        let outputs = try CrossAttention.tensors(
            over: memories, heads: network.heads, headSize: network.headSize, length: window / 2, runtime: runtime)
        try run.run(inputs: inputs, outputs: outputs)
        cross = outputs
    }
}
