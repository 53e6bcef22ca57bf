extension ClassifierManifest {
    /// A segment that answers, and hands on what the next one goes on from.
    ///
    /// The first segment of a network takes the picture, each later one the features of the one before and nothing
    /// else. All give the same ``output``.
    public struct Exit: Sendable, Hashable, Codable {
        /// The file of the segment's graph.
        public var graph: String
        /// What the next segment takes.
        public var features: Features
        /// How often the exit's answer is right.
        public var accuracy: Accuracy
        /// What the exit was fitted to, and on what, in words.
        public var fitted: String
    }

    /// What one segment hands on to the next: an output of the one graph and the input of the other.
    public struct Features: Sendable, Hashable, Codable {
        /// The element type of features.
        public enum ElementType: String, Sendable, Codable { case float32, uint8 }

        /// The name in both graphs.
        public var name: String
        /// The element type.
        public var type: ElementType
        /// The size of each dimension.
        public var shape: [Int]
    }

    /// The files of the graphs, in the order in which they run.
    public var graphs: [String] { (exits ?? []).map(\.graph) + [graph] }

    /// How often the answer of each graph is right, in the same order.
    public var accuracies: [Accuracy] { (exits ?? []).map(\.accuracy) + [accuracy] }
}
