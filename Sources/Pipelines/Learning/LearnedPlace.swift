import Recognition

/// Where what policies learned outlives a run.
public enum LearnedPlace: Sendable, Hashable {
    /// Nowhere.
    case nowhere
    /// In a folder of heed's own: a file for each policy and stream.
    case folder(String)
    /// In one file, for all of them.
    case file(String)

    /// Where a configuration has it.
    ///
    /// - Parameter isRepeatable: Whether the run is to come to the same each time, and so must not learn from others
    ///   unless it is told to.
    public init(_ wanted: PipelineConfiguration.Learned, isRepeatable: Bool) {
        switch wanted {
        case .auto: self = isRepeatable ? .nowhere : .folder(DataFolder.learned)
        case .none: self = .nowhere
        case .file(let path): self = .file(path)
        }
    }

    /// The file of a policy's; nil where there is none.
    func path(of policy: String, _ stream: SampleResult.Stream) -> String? {
        switch self {
        case .nowhere: nil
        case .folder(let folder): "\(folder)/\(policy)-\(stream.rawValue).json"
        case .file(let path): path
        }
    }
}
