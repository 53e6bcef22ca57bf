public import Logging

/// What may be changed of a run while it goes on, and what is to be seen of it, from any thread.
public struct RunControls: Sendable {
    /// Each stream's.
    public let streams: [StreamControls]
    /// Where the replay stands; nil for devices.
    public let playhead: Playhead?
    /// Takes what a person should know of the run to everything that shows such; never waits.
    public let logger: Logger

    /// The controls of a stream, where the run has it.
    public subscript(stream: SampleResult.Stream) -> StreamControls? { streams.first { $0.stream == stream } }
}
