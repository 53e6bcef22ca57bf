/// Moonshine's encoder: samples to one result for each 24 ms or so.
final class MoonshineEncoder {
    /// What the encoder made of a sound: tensors that the decoder reads, valid until the next sound.
    struct Output {
        /// The results, [1, length, width].
        var results: Tensor
        /// A one for each sample.
        var mask: Tensor
        /// The number of results.
        var length: Int
    }

    /// Sound shorter than this is filled up with silence: the graph needs some, and a tenth of a second is no word.
    private static let shortest = SpeechAudio.rate / 10

    private let network: MoonshineManifest.Network
    private let runtime: OnnxRuntime
    private let run: VariableRun
    private let samples = TensorMemory<Float>(count: SpeechAudio.longest)
    private let mask = TensorMemory<Int64>(count: SpeechAudio.longest)
    private let results: TensorMemory<Float>

    init(
        path: String, network: MoonshineManifest.Network, threads: Int, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        let session = try Session(path: path, options: SessionOptions(threads: threads), runtime: runtime)
        try session.check(
            inputs: [("input_values", .float32, [-1, -1]), ("attention_mask", .int64, [-1, -1])],
            outputs: [("last_hidden_state", .float32, [-1, -1, network.width])])
        let shortest = network.encodedLength(of: Self.shortest)
        guard shortest > 0 else {
            throw RecognitionError(
                .modelMismatch, "\(path): the manifest's convolutions make nothing of \(Self.shortest) samples.")
        }
        run = VariableRun(session, inputs: ["input_values", "attention_mask"], outputs: ["last_hidden_state"])
        results = TensorMemory(count: network.encodedLength(of: SpeechAudio.longest) * network.width)
        self.network = network
        self.runtime = runtime
    }

    /// Encodes a sound of up to 30 s. Blocks.
    func encode(_ sound: UnsafeBufferPointer<Float>) throws(RecognitionError) -> Output {
        let count = max(sound.count, Self.shortest)
        _ = samples.buffer.update(fromContentsOf: sound)
        samples.buffer[sound.count..<count].update(repeating: 0)
        mask.buffer[..<count].update(repeating: 1)
        let length = network.encodedLength(of: count)
        let output = Output(
            results: try results.tensor([1, length, network.width], runtime: runtime),
            mask: try mask.tensor([1, count], runtime: runtime), length: length)
        let input = try samples.tensor([1, count], runtime: runtime)
        try run.run(inputs: [input, output.mask], outputs: [output.results])
        return output
    }
}

extension MoonshineManifest.Network {
    /// How many results the encoder gives for so many samples.
    func encodedLength(of samples: Int) -> Int {
        convolutions.reduce(samples) { length, convolution in
            length < convolution.size ? 0 : (length - convolution.size) / convolution.stride + 1
        }
    }
}
