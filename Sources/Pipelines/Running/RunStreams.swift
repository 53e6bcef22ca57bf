public import Alert
public import Recognition
public import Recordings

/// The frames of a recording, and who recognises them.
public struct FrameStream {
    let recording: Recording
    let recognizers: FrameRecognizers
    let policy: any Policy

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    public init(recording: Recording, recognizers: FrameRecognizers, policy: any Policy) {
        self.recording = recording
        self.recognizers = recognizers
        self.policy = policy
    }
}

/// The speech in a recording's sound, and who recognises it.
public struct SpeechStream {
    let recording: AudioRecording
    let recognizers: SpeechRecognizers
    let detector: VoiceActivityDetector
    let policy: any Policy

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    public init(
        recording: AudioRecording, recognizers: SpeechRecognizers, detector: VoiceActivityDetector,
        policy: any Policy
    ) {
        self.recording = recording
        self.recognizers = recognizers
        self.detector = detector
        self.policy = policy
    }
}
