/// The decoder's keys and values for the tokens so far, which every new token adds to.
///
/// A step reads them in one half of the memory and writes them, with the new ones, into the other, so that nothing is
/// copied for it and nothing allocated. Left to itself, ONNX Runtime would give each step, being a little longer than
/// the last, new memory that no later step fits into: hundreds of megabytes for one long text.
final class KeyValueCache {
    /// The tokens that are in the cache.
    private(set) var length = 0
    /// The most tokens that fit.
    let capacity: Int
    /// The keys and values so far, in the order key, value of each layer.
    private(set) var past: [Tensor] = []

    private let heads: Int
    private let headSize: Int
    private let runtime: OnnxRuntime
    private var read: [TensorMemory<Float>]
    private var write: [TensorMemory<Float>]

    init(layers: Int, heads: Int, headSize: Int, capacity: Int, runtime: OnnxRuntime) {
        self.heads = heads
        self.headSize = headSize
        self.capacity = capacity
        self.runtime = runtime
        func half() -> [TensorMemory<Float>] {
            (0..<2 * layers).map { _ in TensorMemory(count: heads * capacity * headSize) }
        }
        read = half()
        write = half()
    }

    /// What a graph must say of what it reads ("past") or writes ("present"), in the order of ``past``.
    static func descriptions(
        _ prefix: String, layers: Int, heads: Int, headSize: Int
    ) -> [(name: String, type: ElementType, shape: [Int])] {
        (0..<layers).flatMap { layer in
            ["key", "value"].map { ("\(prefix)_\($0)_\(layer)", .float32, [1, heads, -1, headSize]) }
        }
    }

    /// Forgets all tokens.
    func reset() throws(RecognitionError) {
        length = 0
        past = try tensors(over: read, length: 0)
    }

    /// Does one step of `count` new tokens: `body` is given the tensors to fill, and the step counts when it returns.
    func extend(by count: Int, _ body: ([Tensor]) throws(RecognitionError) -> Void) throws(RecognitionError) {
        precondition(length + count <= capacity, "the cache has room for \(capacity) tokens")
        let present = try tensors(over: write, length: length + count)
        try body(present)
        swap(&read, &write)
        past = present
        length += count
    }

    private func tensors(
        over memories: [TensorMemory<Float>], length: Int
    ) throws(RecognitionError) -> [Tensor] {
        var tensors: [Tensor] = []
        for memory in memories { tensors.append(try memory.tensor([1, heads, length, headSize], runtime: runtime)) }
        return tensors
    }
}
