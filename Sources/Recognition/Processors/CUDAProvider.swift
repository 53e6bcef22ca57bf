import COnnxRuntime
import Glibc

/// An NVIDIA GPU, by the CUDA provider that comes with an ONNX Runtime of its own.
///
/// That copy of ONNX Runtime, the provider and NVIDIA's libraries lie in one folder, where each finds the others; only
/// the driver's `libcuda.so.1` is the system's.
struct CUDAProvider: ExecutionProvider {
    let name = "CUDAExecutionProvider"
    let remedy = "See that NVIDIA's driver is installed (`nvidia-smi`), or choose another processor."
    /// The ONNX Runtime that has the provider.
    let runtime: OnnxRuntime

    /// Opens the ONNX Runtime that has the provider.
    ///
    /// - Throws: `.processorUnavailable` where it or the driver is missing.
    static func load(_ path: String = ExtraFile.cuda) throws(RecognitionError) -> CUDAProvider {
        guard dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL) != nil else {
            let words = dlerror().map { String(cString: $0) } ?? "libcuda.so.1 is missing"
            throw .unavailable(
                .cuda, words, remedy: "With an NVIDIA GPU, install its driver, then run `make extras-cuda`.")
        }
        let remedy = "Run `make extras-cuda`, which fetches it."
        try ExtraFile.require(path, for: .cuda, remedy: remedy)
        do {
            return CUDAProvider(runtime: try OnnxRuntime.load(path: path))
        } catch {
            throw .unavailable(.cuda, error.reason, remedy: remedy)
        }
    }

    func append(to settings: OpaquePointer) throws(RecognitionError) {
        func check(_ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.processorUnavailable, "use the GPU", in: name, remedy: remedy, status)
        }
        var made: OpaquePointer?
        try check(runtime.api.CreateCUDAProviderOptions(&made))
        guard let options = made else { return }
        defer { runtime.api.ReleaseCUDAProviderOptions(options) }
        let settled = [
            ("device_id", "0"),
            ("use_tf32", "0"),  // fp32 is asked for; TF32 has 10 bits after the point.
            ("cudnn_conv_algo_search", "HEURISTIC"),  // The default tries every algorithm at the first run.
            ("arena_extend_strategy", "kSameAsRequested"),
        ]
        let keys = NameList(settled.map(\.0))
        let values = NameList(settled.map(\.1))
        try withExtendedLifetime((keys, values)) { () throws(RecognitionError) in
            try check(runtime.api.UpdateCUDAProviderOptions(options, keys.pointers, values.pointers, settled.count))
        }
        try check(runtime.api.SessionOptionsAppendExecutionProvider_CUDA_V2(settings, options))
    }

    /// The maker's name for the first GPU, from the driver; nil where it does not tell.
    static func deviceName(folder: String = "/proc/driver/nvidia/gpus") -> String? {
        guard let first = (try? FileReading.names(in: folder))?.first,
            let bytes = try? FileReading.contents(of: "\(folder)/\(first)/information")
        else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        where line.hasPrefix("Model:") {
            return line.dropFirst("Model:".count).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return nil
    }
}
