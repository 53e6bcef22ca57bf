/// A graph small enough to write by hand: the probability of each byte of a picture, by soft-max over all of them.
///
/// Written in ONNX's format (protocol buffers; field numbers from onnx.proto), so that tests run the real engine on a
/// model whose answer is known. Two of them make a network in two segments: one that passes on ``features``, and one
/// that takes them.
struct TinyGraph {
    static let features = "features"
    static let float32 = 1
    static let uint8 = 2

    var inputName = "image"
    var inputType = Self.uint8
    var shape = [1, 2, 2, 3]
    var outputName = "probabilities"
    /// Divides each byte by itself first, which makes a zero no number.
    var dividesByItself = false
    /// Answers how small each byte is.
    var negates = false
    /// The type in which it also gives what it was given.
    var passesOn: Int?

    /// A second segment: for the smallest of the features, each as large as the picture's byte.
    static func second(type: Int, shape: [Int] = [1, 2, 2, 3]) -> TinyGraph {
        TinyGraph(inputName: features, inputType: type, shape: shape, negates: true)
    }

    var classes: Int { shape.reduce(1, *) }

    var bytes: [UInt8] {
        var nodes = [node("Cast", [inputName], "values", attributes: [("to", Self.float32)])]
        var newest = "values"
        if dividesByItself {
            nodes.append(node("Div", [newest, newest], "ratios"))
            newest = "ratios"
        }
        if negates {
            nodes.append(node("Neg", [newest], "negatives"))
            newest = "negatives"
        }
        nodes.append(node("Reshape", [newest, "flat"], "row"))
        nodes.append(node("Softmax", ["row"], outputName, attributes: [("axis", 1)]))
        var outputs = [value(outputName, type: Self.float32, shape: [1, classes])]
        if let passesOn {
            nodes.append(node("Cast", [inputName], Self.features, attributes: [("to", passesOn)]))
            outputs.append(value(Self.features, type: passesOn, shape: shape))
        }
        let graph =
            nodes.flatMap { field(1, $0) } + field(2, "tiny") + field(5, integers("flat", [1, classes]))
            + field(11, value(inputName, type: inputType, shape: shape)) + outputs.flatMap { field(12, $0) }
        return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17))  // IR 8, operator set 17.
    }
}
