public import Captions

/// What was heard in one sample of speech: a step of the captions.
///
/// Times are places on the audio timeline, from the start of the sound on.
public struct SpeechResult: Sendable, Hashable {
    /// What kind of step it is.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Somebody is speaking.
        case partial
        /// The utterance is over; its text is complete.
        case final
        /// Sound that was not transcribed: it is missing, or there was no time for it.
        case gap
    }

    /// What kind of step it is.
    public var kind: Kind
    /// The utterance's number, from 0.
    public var utterance: Int
    /// Where the sound begins that was decoded, or is missing.
    public var start: Duration
    /// Where it ends.
    public var end: Duration
    /// The place of the capture time: up to where sound had been heard.
    public var heard: Duration
    /// Words that became certain with this step; they never change afterwards.
    public var committed: [Word] = []
    /// Words that may still change; they replace those of the step before.
    public var unconfirmed: [Word] = []
    /// The utterance's whole text, once it is final.
    public var text: String?
    /// Why what was decoded is not trusted, if so.
    public var gate: HypothesisGates.Gate?
    /// The text that is not trusted.
    public var rejected: String?
    /// The new sound after which the utterance is decoded next.
    public var hop: Duration?
    /// What is given up to catch up, when transcription is behind schedule.
    public var backlog: BacklogLadder.Step?

    /// The gap, when it is one.
    public var gap: Gap? { kind == .gap ? Gap(start: start, length: end - start) : nil }
}
