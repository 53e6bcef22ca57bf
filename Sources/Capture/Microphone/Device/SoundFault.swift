/// What ends a capture, if only for a moment.
enum SoundFault: Hashable {
    /// The buffer filled up before it was read.
    case overrun
    /// The machine, or the card, was put to sleep.
    case suspended
    /// The card is gone.
    case disconnected
    /// The stream is in a state in which it cannot be read.
    case badState
    /// The card or its bus failed.
    case inputOutput
    /// No sound came for a while, and no error either.
    case stalled
    /// Something that no attempt on the open device repairs.
    case other(Int32)
}
