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
    /// The elements' memory.
    let memory: UnsafeMutableRawBufferPointer

    private let runtime: OnnxRuntime

    /// Makes a tensor over `memory`, which holds exactly the elements of `shape`, the last dimension running fastest.
    convenience init<Element: TensorElement>(
        over memory: UnsafeMutableBufferPointer<Element>, shape: [Int], runtime: OnnxRuntime
    ) throws(RecognitionError) {
        precondition(memory.count == shape.reduce(1, *), "\(memory.count) elements do not fill the shape \(shape)")
        try self.init(
            type: Element.elementType, shape: shape, memory: UnsafeMutableRawBufferPointer(memory), runtime: runtime)
    }

    private init(
        type: ElementType, shape: [Int], memory: UnsafeMutableRawBufferPointer, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        self.type = type
        self.shape = shape
        self.memory = memory
        self.runtime = runtime
        guard let address = memory.baseAddress else { preconditionFailure("a tensor needs memory") }
        let dimensions = shape.map(Int64.init)
        var value: OpaquePointer?
        try runtime.check(
            .inferenceFailed, "make a tensor of \(type) \(shape)", in: runtime.path,
            runtime.api.CreateTensorWithDataAsOrtValue(
                runtime.processorMemory, address, memory.count, dimensions, dimensions.count, type.number, &value))
        guard let value else {
            throw RecognitionError(.inferenceFailed, "\(runtime.path): gave no tensor of \(type) \(shape)")
        }
        self.value = value
    }

    /// This tensor, or one over the same memory in another copy of ONNX Runtime's library.
    func inRuntime(_ other: OnnxRuntime) throws(RecognitionError) -> Tensor {
        other === runtime ? self : try Tensor(type: type, shape: shape, memory: memory, runtime: other)
    }

    deinit { runtime.api.ReleaseValue(value) }
}
