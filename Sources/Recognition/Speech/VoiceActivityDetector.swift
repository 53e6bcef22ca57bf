/// Tells speech from everything else, frame by frame: the Silero voice activity detector.
///
/// What it remembers of earlier frames has one size for ever. A frame of 32 ms takes about 0.1 ms. Not thread-safe.
/// Source: Silero Team, "Silero VAD", version 6 (github.com/snakers4/silero-vad).
public final class VoiceActivityDetector {
    /// The bundle that the detector runs.
    public let bundle: ModelBundle
    /// The samples of a frame, at 16 kHz: 512.
    public let frameSize: Int

    private let context: Int
    private let input: TensorMemory<Float>
    private let state: TensorMemory<Float>
    private let newState: TensorMemory<Float>
    private let output = TensorMemory<Float>(count: 1)
    private let run: PreparedRun

    /// Loads the bundle's graph; takes about 30 ms. Its file is not verified.
    ///
    /// - Throws: `.kindUnsupported`, `.modelUnreadable`, `.modelMismatch`.
    public init(bundle: ModelBundle, runtime: OnnxRuntime) throws(RecognitionError) {
        let manifest = try bundle.manifest(\.voiceActivity, of: .voiceActivity)
        let network = manifest.network
        // One thread: a frame is too little work to share.
        let session = try Session(
            path: bundle.path(of: manifest.graph), options: SessionOptions(threads: 1), runtime: runtime)
        let inputShape = [1, network.context + network.frame]
        try session.check(
            inputs: [("input", .float32, inputShape), ("state", .float32, network.state)],
            outputs: [("output", .float32, [1, 1]), ("stateN", .float32, network.state)])

        let stateSize = network.state.reduce(1, *)
        input = TensorMemory(count: inputShape[1])
        state = TensorMemory(count: stateSize)
        newState = TensorMemory(count: stateSize)
        run = try PreparedRun(
            session,
            inputs: [
                ("input", try input.tensor(inputShape, runtime: runtime)),
                ("state", try state.tensor(network.state, runtime: runtime)),
            ],
            outputs: [
                ("output", try output.tensor([1, 1], runtime: runtime)),
                ("stateN", try newState.tensor(network.state, runtime: runtime)),
            ])
        self.bundle = bundle
        frameSize = network.frame
        context = network.context
        reset()
    }

    /// The probability that the next frame of a sound is speech, 0…1. Blocks; allocates nothing.
    ///
    /// - Parameter frame: ``frameSize`` samples, mono at 16 kHz, −1…1, that follow those of the last call.
    /// - Throws: `.audioInvalid` when samples are no numbers, which leaves the detector as it was, and
    ///   `.inferenceFailed`.
    public func probability(of frame: UnsafeBufferPointer<Float>) throws(RecognitionError) -> Float {
        precondition(frame.count == frameSize, "a frame has \(frameSize) samples, not \(frame.count)")
        // One such sample would stay in the state for ever.
        try SpeechAudio.check(frame, for: bundle.manifest.name)
        _ = input.buffer[context...].update(fromContentsOf: frame)
        try run.run()
        _ = state.buffer.update(fromContentsOf: newState.buffer)
        _ = input.buffer.update(fromContentsOf: frame.suffix(context))
        return output.buffer[0]
    }

    /// Forgets what was heard, before another sound.
    public func reset() {
        input.buffer.update(repeating: 0)
        state.buffer.update(repeating: 0)
    }
}
