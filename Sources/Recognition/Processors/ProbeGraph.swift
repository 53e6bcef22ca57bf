import Glibc

/// A graph of one node, to see whether a processor starts.
enum ProbeGraph {
    /// Starts a session on a processor, and lets it go.
    ///
    /// - Throws: `.processorUnavailable` with the engine's reason.
    static func start(on processor: Processor, runtime: OnnxRuntime) throws(RecognitionError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        func failure(_ code: Int32) -> RecognitionError {
            .unavailable(
                processor, "no temporary file: \(String(cString: strerror(code)))", remedy: "Make room in \(folder).")
        }
        var name = Array("\(folder)/heed-probe-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw failure(errno) }
        let path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        defer {
            close(file)
            unlink(path)
        }
        let written = write(file, bytes, bytes.count)
        guard written == bytes.count else { throw failure(written < 0 ? errno : ENOSPC) }
        do throws(RecognitionError) {
            _ = try Session(path: path, options: SessionOptions(processor: processor, threads: 1), runtime: runtime)
        } catch {
            // The file's name would tell nobody anything.
            throw RecognitionError(
                error.code,
                reason: error.reason.hasPrefix("\(path): ")
                    ? String(error.reason.dropFirst(path.utf8.count + 2)) : error.reason,
                remedy: error.remedy)
        }
    }

    /// `y = Relu(x)` for one float: an ONNX model, which is a Protocol Buffers message.
    private static let bytes: [UInt8] = {
        let node = field(1, field(1, "x".utf8) + field(2, "y".utf8) + field(4, "Relu".utf8))
        let graph = node + field(2, "probe".utf8) + field(11, value("x")) + field(12, value("y"))
        return [1 << 3, 8] + field(7, graph) + field(8, [2 << 3, 13])  // IR version 8, operators of version 13
    }()

    private static func value(_ name: String) -> [UInt8] {
        let shape = field(1, [1 << 3, 1])  // one dimension of 1
        return field(1, name.utf8) + field(2, field(1, [1 << 3, 1] + field(2, shape)))  // element type 1 is float32
    }

    private static func field(_ number: UInt8, _ bytes: some Collection<UInt8>) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}
