/// What a manifest says of a voice activity detector: one graph, and how much sound and memory it takes.
public struct VoiceActivityManifest: Sendable, Hashable, Codable {
    /// Sizes.
    public struct Network: Sendable, Hashable, Codable {
        /// The samples of a frame, at 16 kHz.
        public var frame: Int
        /// The samples before the frame that the graph sees again.
        public var context: Int
        /// The size of each dimension of what the graph remembers.
        public var state: [Int]
    }

    /// The file of the graph.
    public var graph: String
    /// Sizes.
    public var network: Network
}

extension VoiceActivityManifest {
    /// What is wrong with the manifest, in words; nil when it makes sense.
    func problem(files: [String: String]) -> String? {
        if files[graph] == nil { return "graph: \"\(graph)\" is not among files" }
        if !(1...16_000).contains(network.frame) { return "network.frame: \(network.frame) is not 1 to 16000" }
        if !(0...16_000).contains(network.context) { return "network.context: \(network.context) is not 0 to 16000" }
        if !(1...8).contains(network.state.count) || network.state.contains(where: { !(1...65_536).contains($0) }) {
            return "network.state: \(network.state) is no shape"
        }
        return nil
    }
}
