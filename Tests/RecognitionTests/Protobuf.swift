// What is needed of protocol buffers, and of ONNX's format in them, to write graphs by hand and take real ones apart.

func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

func field(_ number: Int, _ bytes: some Collection<UInt8>) -> [UInt8] {
    variable(number << 3 | 2) + variable(bytes.count) + bytes
}

func field(_ number: Int, _ value: Int) -> [UInt8] { variable(number << 3) + variable(value) }

private func variable(_ value: Int) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest > 127 {
        bytes.append(UInt8(rest & 127 | 128))
        rest >>= 7
    }
    return bytes + [UInt8(rest)]
}

/// A node of a graph; attributes are whole numbers.
func node(
    _ type: String, _ inputs: [String], _ output: String, attributes: [(name: String, value: Int)] = []
) -> [UInt8] {
    inputs.flatMap { field(1, $0) } + field(2, output) + field(4, type)
        + attributes.flatMap { field(5, field(1, $0.name) + field(3, $0.value) + field(20, 2)) }
}

/// What a graph says of one of its inputs or outputs.
func value(_ name: String, type: Int, shape: [Int]) -> [UInt8] {
    let dimensions = shape.flatMap { field(1, field(1, $0)) }
    return field(1, name) + field(2, field(1, field(1, type) + field(2, dimensions)))
}

/// A constant of whole numbers.
func integers(_ name: String, _ values: [Int]) -> [UInt8] {
    field(1, values.count) + field(2, 7) + values.flatMap { field(7, $0) } + field(8, name)
}

/// A message taken apart: its fields in order, those of bytes with their contents.
struct ProtobufMessage {
    /// A field as it stands in the message, and what is in it; nothing for a number.
    typealias Field = (number: Int, whole: ArraySlice<UInt8>, contents: ArraySlice<UInt8>)

    private(set) var fields: [Field] = []

    /// Takes a message apart; what cannot be read ends it.
    init(_ message: ArraySlice<UInt8>) {
        var place = message.startIndex
        func number() -> Int {
            var value = 0
            var shift = 0
            while place < message.endIndex, shift < 63 {
                let byte = message[place]
                place += 1
                value |= Int(byte & 127) << shift
                shift += 7
                if byte < 128 { break }
            }
            return value
        }
        while place < message.endIndex {
            let start = place
            let key = number()
            var contents = message[place..<place]
            switch key & 7 {
            case 0: _ = number()
            case 1: place += 8
            case 2:
                let count = number()
                guard count <= message.endIndex - place else { return }
                contents = message[place..<place + count]
                place += count
            case 5: place += 4
            default: return
            }
            guard place <= message.endIndex else { return }
            fields.append((key >> 3, message[start..<place], contents))
        }
    }

    /// The contents of the fields with this number.
    subscript(number: Int) -> [ArraySlice<UInt8>] { fields.filter { $0.number == number }.map(\.contents) }
}
