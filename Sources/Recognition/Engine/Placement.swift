import COnnxRuntime

/// Which nodes of a session's graph run where.
///
/// ONNX Runtime gives what a provider lacks to the CPU without a word, and has a switch that refuses every such graph
/// (`session.disable_cpu_ep_fallback`). Both are wrong here: it also computes shapes on the CPU by choice, a few
/// numbers a run. So nodes that work out shapes may stay on the CPU, and a graph with any other node there is refused.
struct Placement {
    /// What makes a session tell its placement.
    static let recording = ("session.record_ep_graph_assignment_info", "1")

    /// Operators over a handful of whole numbers where ONNX Runtime leaves them to the CPU: they compute shapes.
    private static let shapeOperators: Set<String> = [
        "Add", "Cast", "Concat", "Constant", "Div", "Gather", "Max", "Min", "Mul", "Range", "Shape", "Size", "Slice",
        "Squeeze", "Sub", "Unsqueeze",
    ]

    /// How many nodes of each operator run with each provider, by ONNX Runtime's names.
    private(set) var nodes: [String: [String: Int]] = [:]

    /// Reads the placement of a session that was made with ``recording``.
    init(of session: OpaquePointer, runtime: OnnxRuntime, path: String) throws(RecognitionError) {
        let api = try runtime.providerAPI()
        func check(_ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.processorUnavailable, "tell where the graph runs", in: path, status)
        }
        var subgraphs: UnsafePointer<OpaquePointer?>?
        var count = 0
        try check(api.pointee.Session_GetEpGraphAssignmentInfo(session, &subgraphs, &count))
        for subgraph in UnsafeBufferPointer(start: subgraphs, count: count) {
            guard let subgraph else { continue }
            var provider: UnsafePointer<CChar>?
            var members: UnsafePointer<OpaquePointer?>?
            var number = 0
            try check(api.pointee.EpAssignedSubgraph_GetEpName(subgraph, &provider))
            try check(api.pointee.EpAssignedSubgraph_GetNodes(subgraph, &members, &number))
            let name = provider.map { String(cString: $0) } ?? ""
            for node in UnsafeBufferPointer(start: members, count: number) {
                guard let node else { continue }
                var type: UnsafePointer<CChar>?
                try check(api.pointee.EpAssignedNode_GetOperatorType(node, &type))
                nodes[name, default: [:]][type.map { String(cString: $0) } ?? "", default: 0] += 1
            }
        }
    }

    init(nodes: [String: [String: Int]]) { self.nodes = nodes }

    /// Refuses a graph of which `provider` runs nothing, or leaves more than shapes to others.
    ///
    /// - Throws: `.processorUnavailable` with the operators that the provider does not run.
    func check(_ provider: any ExecutionProvider, path: String) throws(RecognitionError) {
        let elsewhere = nodes.filter { $0.key != provider.name }.values
            .reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
            .filter { !Self.shapeOperators.contains($0.key) }
        guard !elsewhere.isEmpty || nodes[provider.name, default: [:]].isEmpty else { return }
        let worst = elsewhere.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        throw RecognitionError(
            .processorUnavailable,
            reason: "\(path): \(provider.name) does not run \(worst.isEmpty ? "any of this graph" : worst)",
            remedy: "Choose another recogniser or processor.")
    }
}
