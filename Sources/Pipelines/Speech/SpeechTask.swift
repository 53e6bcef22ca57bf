import Captions
import Units

/// A sample of speech: sound that is to be decoded now, or that is missing.
struct SpeechTask: Sendable {
    /// What is wanted of it.
    enum Kind: Sendable {
        /// Words to show while somebody speaks on.
        case partial(Utterance)
        /// The words of a whole utterance.
        case final(Utterance)
        /// Nothing: this sound is missing, and why.
        case lost(Gap, reason: String)
    }

    /// What is wanted.
    var kind: Kind
    /// The utterance's number, from 0; of a loss, the next one's.
    var utterance: Int
    /// Up to where sound was heard when this was asked for: the place of the capture time on the audio timeline.
    var heard: Duration
}
