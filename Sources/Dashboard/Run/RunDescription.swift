public import Pipelines

/// What a page says of a run as a whole.
public struct RunDescription: Sendable {
    /// The pipeline's name.
    public var name: String?
    /// How samples come: `live`, or a replay's pace.
    public var pace: String
    /// The file that is replayed.
    public var recording: String?

    /// Describes the run of a configuration.
    public init(_ configuration: PipelineConfiguration, isLive: Bool) {
        name = configuration.name
        pace = isLive ? "live" : configuration.recording.pace.rawValue
        recording = isLive ? nil : configuration.recording.path
    }
}
