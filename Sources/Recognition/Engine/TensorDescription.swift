import COnnxRuntime

/// What a graph says of one of its inputs or outputs.
struct TensorDescription: Hashable, CustomStringConvertible {
    /// The name in the graph.
    var name: String
    /// The element type.
    var type: ElementType
    /// The size of each dimension; −1 where the graph leaves it open.
    var shape: [Int]

    var description: String { "\(name) \(type) \(shape)" }
}

extension TensorDescription {
    /// Describes the inputs of a session.
    static func inputs(
        of session: OpaquePointer, path: String, runtime: OnnxRuntime
    ) throws(RecognitionError) -> [TensorDescription] {
        let api = runtime.api
        return try all(
            path: path, runtime: runtime, count: { api.SessionGetInputCount(session, &$0) },
            name: { api.SessionGetInputName(session, $0, runtime.allocator, &$1) },
            type: { api.SessionGetInputTypeInfo(session, $0, &$1) })
    }

    /// Describes the outputs of a session.
    static func outputs(
        of session: OpaquePointer, path: String, runtime: OnnxRuntime
    ) throws(RecognitionError) -> [TensorDescription] {
        let api = runtime.api
        return try all(
            path: path, runtime: runtime, count: { api.SessionGetOutputCount(session, &$0) },
            name: { api.SessionGetOutputName(session, $0, runtime.allocator, &$1) },
            type: { api.SessionGetOutputTypeInfo(session, $0, &$1) })
    }

    private static func all(
        path: String, runtime: OnnxRuntime,
        count: (inout Int) -> OpaquePointer?,
        name: (Int, inout UnsafeMutablePointer<CChar>?) -> OpaquePointer?,
        type: (Int, inout OpaquePointer?) -> OpaquePointer?
    ) throws(RecognitionError) -> [TensorDescription] {
        func check(_ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.modelUnreadable, "read the graph's inputs and outputs", in: path, status)
        }
        var number = 0
        try check(count(&number))
        var descriptions: [TensorDescription] = []
        for index in 0..<number {
            var characters: UnsafeMutablePointer<CChar>?
            try check(name(index, &characters))
            guard let characters else { throw RecognitionError(.modelUnreadable, "\(path): tensor without a name") }
            let tensorName = String(cString: characters)
            try check(runtime.api.AllocatorFree(runtime.allocator, characters))

            var info: OpaquePointer?
            try check(type(index, &info))
            guard let info else { throw RecognitionError(.modelUnreadable, "\(path): \(tensorName) without a type") }
            defer { runtime.api.ReleaseTypeInfo(info) }
            descriptions.append(try describe(tensorName, info, path: path, runtime: runtime))
        }
        return descriptions
    }

    private static func describe(
        _ name: String, _ info: OpaquePointer, path: String, runtime: OnnxRuntime
    ) throws(RecognitionError) -> TensorDescription {
        let api = runtime.api
        func check(_ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.modelUnreadable, "read the type of \(name)", in: path, status)
        }
        var tensor: OpaquePointer?  // Lives as long as `info`.
        try check(api.CastTypeInfoToTensorInfo(info, &tensor))
        guard let tensor else {
            throw RecognitionError(.modelUnreadable, "\(path): \(name) is no tensor; heed runs graphs of tensors only")
        }
        var type: UInt32 = 0
        try check(api.GetTensorElementType(tensor, &type))
        var rank = 0
        try check(api.GetDimensionsCount(tensor, &rank))
        var dimensions = [Int64](repeating: 0, count: rank)
        try check(api.GetDimensions(tensor, &dimensions, rank))
        return TensorDescription(name: name, type: ElementType(number: type), shape: dimensions.map(Int.init))
    }
}
