/// Memory for tensors, at the start of a cache line; freed with its owner.
///
/// The system gives pages only when they are first written, so that room for the longest case costs nothing before.
final class TensorMemory<Element: TensorElement> {
    /// The memory; not initialized.
    let buffer: UnsafeMutableBufferPointer<Element>

    init(count: Int) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
        buffer = bytes.bindMemory(to: Element.self)
    }

    deinit { UnsafeMutableRawBufferPointer(buffer).deallocate() }

    /// A tensor over the first elements, as many as `shape` has; none is fine. Valid while the memory lives.
    func tensor(_ shape: [Int], runtime: OnnxRuntime) throws(RecognitionError) -> Tensor {
        let count = shape.reduce(1, *)
        precondition(count <= buffer.count, "\(shape) does not fit \(buffer.count) elements")
        return try Tensor(
            over: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count), shape: shape, runtime: runtime)
    }
}
