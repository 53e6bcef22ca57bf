import COnnxRuntime

/// Memory of the caller's, typed and shaped, that ONNX Runtime reads or writes in place.
///
/// The tensor neither owns nor copies the memory: the caller keeps it alive for as long as the tensor is used.
/// Not thread-safe.
final class Tensor {
    /// What the elements are.
    let type: ElementType
    /// The number of elements along each dimension.
    let shape: [Int]
    /// ONNX Runtime's handle.
    let value: OpaquePointer

    private let runtime: OnnxRuntime

    /// Makes a tensor over `memory`, which holds exactly the elements of `shape`, the last dimension running fastest.
    init<Element: TensorElement>(
        over memory: UnsafeMutableBufferPointer<Element>, shape: [Int], runtime: OnnxRuntime
    ) throws(RecognitionError) {
        precondition(memory.count == shape.reduce(1, *), "\(memory.count) elements do not fill the shape \(shape)")
        type = Element.elementType
        self.shape = shape
        self.runtime = runtime
        let bytes = UnsafeMutableRawBufferPointer(memory)
        guard let address = bytes.baseAddress else { preconditionFailure("a tensor needs memory") }
        let dimensions = shape.map(Int64.init)
        var value: OpaquePointer?
        try runtime.check(
            .inferenceFailed, "make a tensor of \(Element.elementType) \(shape)", in: runtime.path,
            runtime.api.CreateTensorWithDataAsOrtValue(
                runtime.processorMemory, address, bytes.count, dimensions, dimensions.count,
                Element.elementType.number, &value))
        guard let value else {
            throw RecognitionError(.inferenceFailed, "\(runtime.path): gave no tensor of \(type) \(shape)")
        }
        self.value = value
    }

    deinit { runtime.api.ReleaseValue(value) }
}
