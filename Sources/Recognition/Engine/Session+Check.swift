extension Session {
    /// Compares the graph's real inputs and outputs with what is needed, in any order; −1 is a size that a graph leaves
    /// open.
    ///
    /// - Throws: `.modelMismatch` naming the first that is missing or different.
    func check(
        inputs neededInputs: [(name: String, type: ElementType, shape: [Int])],
        outputs neededOutputs: [(name: String, type: ElementType, shape: [Int])]
    ) throws(RecognitionError) {
        for (what, actual, needed) in [("input", inputs, neededInputs), ("output", outputs, neededOutputs)] {
            for (name, type, shape) in needed {
                let wanted = TensorDescription(name: name, type: type, shape: shape)
                let found = actual.first { $0.name == name }
                if found == wanted { continue }
                throw RecognitionError(
                    .modelMismatch,
                    "\(path): the graph's \(what) is \(found?.description ?? "missing"); the manifest needs \(wanted). "
                        + "Run `heed models build` to build the bundle anew.")
            }
        }
    }
}
