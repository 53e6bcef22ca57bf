import COnnxRuntime
import Glibc

/// Finds and opens ONNX Runtime's library.
enum RuntimeLibrary {
    /// The environment variable that names the library's file.
    static let variable = "HEED_ONNXRUNTIME"
    private static let name = "libonnxruntime.so"

    /// Opens the library that is asked for, or else the first there is.
    ///
    /// - Parameters:
    ///   - path: The file to open, and no other.
    ///   - variable: What the environment variable says, if it is set; then that file, and no other.
    ///   - folder: The folder that set-up puts the library into.
    static func open(
        path: String?, variable: String?, folder: String
    ) throws(RecognitionError) -> (base: UnsafePointer<ort_api_base>, path: String) {
        // What somebody asked for by name is opened or is an error: another library in its place would go unnoticed.
        let places: [(path: String, origin: String)] =
            if let path {
                [(path, "the path given")]
            } else if let variable {
                [(variable, "$\(self.variable)")]
            } else {
                [("\(folder)/\(name)", "heed's data folder"), (name, "the system's loader")]
            }
        var tried: [String] = []
        for place in places {
            switch open(place.path) {
            case .success(let library): return library
            case .failure(let failure): tried.append("  \(place.origin): \(failure.reason)")
            }
        }
        throw RecognitionError(
            .runtimeMissing,
            """
            ONNX Runtime's library cannot be opened. Looked at:
            \(tried.joined(separator: "\n"))
            Run `heed models build` to fetch it, or set \(self.variable) to its file.
            """)
    }

    /// The library's function table.
    ///
    /// - Throws: `.runtimeTooOld` when the library has no such API version.
    static func table(
        of base: UnsafePointer<ort_api_base>, path: String, library: String, version: Int = ort_api_version
    ) throws(RecognitionError) -> ort_api {
        guard let table = base.pointee.GetApi(UInt32(version)) else {
            throw RecognitionError(
                .runtimeTooOld,
                "\(path) is ONNX Runtime \(library); heed needs 1.\(version) or later. "
                    + "Run `heed models build`, or set \(variable) to a later library.")
        }
        return table.pointee
    }

    private struct Failure: Error { var reason: String }

    private static func open(
        _ path: String
    ) -> Result<(base: UnsafePointer<ort_api_base>, path: String), Failure> {
        var reason: UnsafePointer<CChar>?
        guard let base = ort_open(path, &reason) else {
            return .failure(Failure(reason: reason.map { String(cString: $0) } ?? "\(path): no reason given"))
        }
        return .success((base, file(of: base) ?? path))
    }

    /// The file behind a library, with links followed, so that two names of one file are one library.
    private static func file(of base: UnsafePointer<ort_api_base>) -> String? {
        guard let name = ort_file(base), let resolved = realpath(name, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
