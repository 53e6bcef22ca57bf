/// What a manifest says of a classifier: the graph, what goes in, what comes out, and how well it does.
///
/// The graph takes the bytes of a picture and gives probabilities: normalization and soft-max are part of it. A network
/// that is cut into segments has a graph for each, of which all but the last are its ``exits``.
public struct ClassifierManifest: Sendable, Hashable, Codable {
    /// The picture that goes in.
    public struct Input: Sendable, Hashable, Codable {
        /// The element type of the picture.
        public enum ElementType: String, Sendable, Codable { case uint8 }
        /// The order of the picture's dimensions.
        public enum Layout: String, Sendable, Codable {
            /// Batch, rows, columns, channels.
            case rowsFirst = "NHWC"
        }
        /// The order of the channels.
        public enum Color: String, Sendable, Codable { case rgb = "RGB" }

        /// The input's name in the graph.
        public var name: String
        /// The element type.
        public var type: ElementType
        /// The order of the dimensions.
        public var layout: Layout
        /// The size of each dimension: 1, height, width, 3.
        public var shape: [Int]
        /// The order of the channels.
        public var color: Color
        /// The part of a frame that becomes the picture.
        public var crop: Crop

        /// The picture's height in pixels.
        public var height: Int { shape[1] }
        /// The picture's width in pixels.
        public var width: Int { shape[2] }
    }

    /// The part of a frame that is scaled to the input's size.
    public struct Crop: Sendable, Hashable, Codable {
        /// How the part is chosen.
        public enum Rule: String, Sendable, Codable {
            /// The square in the middle whose side is min(width, height) × S / (S + margin), for an input of side S.
            case center
        }

        /// How the part is chosen.
        public var rule: Rule
        /// Pixels, at the input's scale, left out around the part along the shorter side.
        public var margin: Int
    }

    /// The probabilities that come out.
    public struct Output: Sendable, Hashable, Codable {
        /// The element type of the probabilities.
        public enum ElementType: String, Sendable, Codable { case float32 }

        /// The output's name in the graph.
        public var name: String
        /// The element type.
        public var type: ElementType
        /// The size of each dimension: 1, classes.
        public var shape: [Int]
    }

    /// How often the model is right, and on what that was measured.
    public struct Accuracy: Sendable, Hashable, Codable {
        /// The share of samples whose best class is the right one, 0…1.
        public var top1: Double
        /// The share of samples with the right class among the best five, 0…1.
        public var top5: Double
        /// The number of samples.
        public var samples: Int
        /// What the samples were and how they were prepared, in words.
        public var measured: String
        /// The share of samples that the scheduler should expect to be right, where that is known better than
        /// ``top1``: few samples measure a level well, but not small differences between recognisers.
        public var expected: Double?
        /// Where ``expected`` comes from.
        public var expectation: String?
        /// The share to expect instead where numbers are computed in another precision, by its name such as `bf16`, as
        /// far as that was measured.
        public var precisions: [String: Double]?

        /// The share of samples that the scheduler should expect to be right, computed in this precision.
        public func expected(in precision: Precision) -> Double {
            precisions?[precision.rawValue] ?? expected ?? top1
        }
    }

    /// The file of the graph that gives the last answer: the whole network, or its last segment.
    public var graph: String
    /// What answers on the way there, in order, where the network is cut into segments; nil where it answers once.
    public var exits: [Exit]?
    /// The picture that goes in.
    public var input: Input
    /// The probabilities that come out.
    public var output: Output
    /// The file of the classes' names, one a line.
    public var labels: String
    /// The number of classes.
    public var classes: Int
    /// How often the last answer is right.
    public var accuracy: Accuracy
}
