import Media

extension SoundGap.Reason {
    /// Why sound is missing, in words.
    var words: String {
        switch self {
        case .overrun: "the sound was not read in time"
        case .suspended: "the machine or the sound card slept"
        case .failed: "the sound card failed and was started anew"
        case .disconnected: "the microphone was gone"
        case .skipped: "the sound card left samples out"
        case .readerTooSlow: "heed was too slow to take the sound"
        }
    }
}
