import COnnxRuntime

/// What one element of a tensor is.
struct ElementType: Hashable, CustomStringConvertible {
    /// ONNX Runtime's number for the type.
    let number: UInt32

    static let float32 = ElementType(number: UInt32(ort_float32))
    static let uint8 = ElementType(number: UInt32(ort_uint8))
    static let int8 = ElementType(number: UInt32(ort_int8))
    static let int32 = ElementType(number: UInt32(ort_int32))
    static let int64 = ElementType(number: UInt32(ort_int64))
    static let bool = ElementType(number: UInt32(ort_bool))
    static let float16 = ElementType(number: UInt32(ort_float16))

    private static let names: [ElementType: String] = [
        .float32: "float32", .uint8: "uint8", .int8: "int8", .int32: "int32", .int64: "int64", .bool: "bool",
        .float16: "float16",
    ]

    var description: String { Self.names[self] ?? "ONNX element type \(number)" }
}

/// A Swift type whose values lie in memory as a tensor's elements do.
protocol TensorElement: BitwiseCopyable {
    static var elementType: ElementType { get }
}

extension Float: TensorElement { static var elementType: ElementType { .float32 } }
extension UInt8: TensorElement { static var elementType: ElementType { .uint8 } }
extension Int64: TensorElement { static var elementType: ElementType { .int64 } }
