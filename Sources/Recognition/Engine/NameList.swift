import Glibc

/// The names of a graph's inputs or outputs as ONNX Runtime wants them.
final class NameList {
    /// One C string a name; they live as long as the list.
    let pointers: [UnsafePointer<CChar>?]

    init(_ names: [String]) {
        pointers = names.map { name in
            guard let copy = strdup(name) else { preconditionFailure("out of memory") }
            return UnsafePointer(copy)
        }
    }

    deinit {
        for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) }
    }
}
