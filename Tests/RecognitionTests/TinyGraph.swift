/// A graph small enough to write by hand: the probability of each byte of a picture, by soft-max over all of them.
///
/// Written in ONNX's format (protocol buffers; field numbers from onnx.proto), so that tests run the real engine on a
/// model whose answer is known.
struct TinyGraph {
    var inputName = "image"
    var inputType = 2  // uint8
    var shape = [1, 2, 2, 3]
    var outputName = "probabilities"
    /// Divides each byte by itself first, which makes a zero no number.
    var dividesByItself = false

    var classes: Int { shape.reduce(1, *) }

    var bytes: [UInt8] {
        let ratio = dividesByItself ? node("Div", ["values", "values"], "ratios") : []
        let graph =
            field(1, node("Cast", [inputName], "values", attributes: [("to", 1)]))
            + (ratio.isEmpty ? [] : field(1, ratio))
            + field(1, node("Reshape", [dividesByItself ? "ratios" : "values", "flat"], "row"))
            + field(1, node("Softmax", ["row"], outputName, attributes: [("axis", 1)]))
            + field(2, "tiny")
            + field(5, integers("flat", [1, classes]))
            + field(11, value(inputName, type: inputType, shape: shape))
            + field(12, value(outputName, type: 1, shape: [1, classes]))
        return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17))  // IR 8, operator set 17.
    }

    private func node(
        _ type: String, _ inputs: [String], _ output: String, attributes: [(name: String, value: Int)] = []
    ) -> [UInt8] {
        inputs.flatMap { field(1, $0) } + field(2, output) + field(4, type)
            + attributes.flatMap { field(5, field(1, $0.name) + field(3, $0.value) + field(20, 2)) }
    }

    private func value(_ name: String, type: Int, shape: [Int]) -> [UInt8] {
        let dimensions = shape.flatMap { field(1, field(1, $0)) }
        return field(1, name) + field(2, field(1, field(1, type) + field(2, dimensions)))
    }

    private func integers(_ name: String, _ values: [Int]) -> [UInt8] {
        field(1, values.count) + field(2, 7) + values.flatMap { field(7, $0) } + field(8, name)
    }

    private func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
    private func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        variable(number << 3 | 2) + variable(bytes.count) + bytes
    }
    private func field(_ number: Int, _ value: Int) -> [UInt8] { variable(number << 3) + variable(value) }

    private func variable(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 127 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
