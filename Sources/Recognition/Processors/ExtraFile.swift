import Glibc

/// Files of processors beyond the CPU, which `make extras` puts into the data folder.
enum ExtraFile {
    /// OpenVINO's C library.
    static var openvino: String { DataFolder.libraries + "/openvino/libopenvino_c.so" }
    /// ONNX Runtime's plug-in for WebGPU.
    static var webgpu: String { DataFolder.libraries + "/webgpu/libonnxruntime_providers_webgpu.so" }
    /// The ONNX Runtime that was built with CUDA.
    static var cuda: String { DataFolder.libraries + "/cuda/libonnxruntime.so" }

    /// Looks whether a library is there, and whole; and whether the libraries beside it, which it opens, are whole.
    ///
    /// - Throws: `.processorUnavailable` with the command that brings it.
    static func require(_ path: String, for processor: Processor, remedy: String) throws(RecognitionError) {
        guard access(path, R_OK) == 0 else {
            throw .unavailable(processor, "\(path): \(String(cString: strerror(errno)))", remedy: remedy)
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        for name in (try? FileReading.names(in: folder)) ?? [] where name.contains(".so") {
            guard let fault = SharedLibrary.fault(in: "\(folder)/\(name)") else { continue }
            throw .unavailable(processor, "\(folder)/\(name): \(fault)", remedy: remedy)
        }
    }
}
