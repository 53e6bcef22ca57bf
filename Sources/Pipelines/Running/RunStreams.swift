public import Alert
public import Recognition
public import Recordings
import Units

/// Where a run's frames come from.
public enum FrameSource {
    /// A recording.
    case recording(Recording)
    /// A camera that streams.
    case camera(LiveCamera)

    /// The camera, if it is one.
    var camera: LiveCamera? {
        if case .camera(let camera) = self { camera } else { nil }
    }

    /// What comes in, in words, with the device's or the file's name.
    public var description: String {
        switch self {
        case .recording(let recording): "\(recording.info.path): \(recording.info.format)"
        case .camera(let camera):
            "\(camera.name): \(camera.mode)\(camera.compromise.map { " (\($0))" } ?? "")"
        }
    }

    /// The number of frames that will come, if it is known.
    public var frameCount: Int? {
        if case .recording(let recording) = self { recording.info.frameCount } else { nil }
    }

    /// From one frame to the next.
    var interval: Duration {
        switch self {
        case .recording(let recording): .seconds(1 / recording.info.frameRate)
        case .camera(let camera): camera.interval
        }
    }
}

/// Where a run's sound comes from.
public enum SoundSource {
    /// A recording.
    case recording(AudioRecording)
    /// A microphone that is open.
    case microphone(LiveMicrophone)

    /// The microphone, if it is one.
    var microphone: LiveMicrophone? {
        if case .microphone(let microphone) = self { microphone } else { nil }
    }

    /// What comes in, in words, with the device's or the file's name.
    public var description: String {
        switch self {
        case .recording(let recording):
            "\(recording.info.path): \(recording.info.format), \(recording.info.sampleRate) Hz, "
                + "\(recording.info.channels) channel\(recording.info.channels == 1 ? "" : "s")"
        case .microphone(let microphone): "\(microphone.name): \(microphone.format)"
        }
    }

    /// What was damaged in a recording's sound.
    public var damage: AudioDamage? {
        if case .recording(let recording) = self { recording.damage } else { nil }
    }
}

/// The frames of a run, and who recognises them.
public struct FrameStream {
    let source: FrameSource
    let recognizers: FrameRecognizers
    let policy: any Policy
    let memory: StreamMemory

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    ///
    /// - Parameter memory: What outlives the policy in force.
    public init(
        source: FrameSource, recognizers: FrameRecognizers, policy: any Policy,
        memory: StreamMemory = StreamMemory(of: .frames)
    ) {
        self.source = source
        self.recognizers = recognizers
        self.policy = policy
        self.memory = memory
    }
}

/// The speech in a run's sound, and who recognises it.
public struct SpeechStream {
    let source: SoundSource
    let recognizers: SpeechRecognizers
    let detector: VoiceActivityDetector
    let policy: any Policy
    let memory: StreamMemory

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    ///
    /// - Parameter memory: What outlives the policy in force.
    public init(
        source: SoundSource, recognizers: SpeechRecognizers, detector: VoiceActivityDetector, policy: any Policy,
        memory: StreamMemory = StreamMemory(of: .speech)
    ) {
        self.source = source
        self.recognizers = recognizers
        self.detector = detector
        self.policy = policy
        self.memory = memory
    }
}
