/// Turns committed words into the text of a caption file, piece by piece.
///
/// Each call returns text to append to what came before: first `begin`, last `finish`. Writers keep no more than one
/// cue in memory and do no I/O.
public protocol CaptionWriter: Sendable {
    /// What the file begins with.
    mutating func begin() -> String
    /// Takes in committed words, in order.
    mutating func append(_ words: [Word]) -> String
    /// Takes in sound that was not transcribed.
    mutating func append(_ gap: Gap) -> String
    /// Takes in that an utterance ended: nothing of it is held back any longer.
    mutating func endUtterance() -> String
    /// What the file ends with.
    mutating func finish() -> String
}
