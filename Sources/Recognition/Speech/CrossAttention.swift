/// The keys and values that an encoder gives a decoder: for each layer `cross_key_i`, transposed so that a decoder need
/// not do it for each token, and `cross_value_i`.
enum CrossAttention {
    /// What a graph must say of them, in the order key, value of each layer.
    static func descriptions(
        layers: Int, heads: Int, headSize: Int
    ) -> [(name: String, type: ElementType, shape: [Int])] {
        (0..<layers).flatMap {
            [
                ("cross_key_\($0)", .float32, [1, heads, headSize, -1]),
                ("cross_value_\($0)", .float32, [1, heads, -1, headSize]),
            ]
        }
    }

    /// Tensors for them, in the same order, each over a memory of its own.
    static func tensors(
        over memories: [TensorMemory<Float>], heads: Int, headSize: Int, length: Int, runtime: OnnxRuntime
    ) throws(RecognitionError) -> [Tensor] {
        var tensors: [Tensor] = []
        for (index, memory) in memories.enumerated() {
            let shape = index % 2 == 0 ? [1, heads, headSize, length] : [1, heads, length, headSize]
            tensors.append(try memory.tensor(shape, runtime: runtime))
        }
        return tensors
    }
}
