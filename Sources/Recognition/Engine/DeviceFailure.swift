/// Tells a run that failed because its device is gone, or has no memory left, from one that failed for another reason.
enum DeviceFailure {
    /// What engines and drivers say when a device is lost or has no memory left; they give no code for it.
    private static let signs = [
        "device lost", "device is lost", "devicelost", "device was lost", "device_lost", "out of memory", "bad_alloc",
        "failed to allocate", "cuda failure", "cuda error", "cudnn failure", "cublas failure",
    ]

    /// The error for a run that failed with an engine's words.
    static func error(
        _ words: String, of processor: Processor, in path: String, engine: String
    ) -> RecognitionError {
        let message = "\(path): cannot run the graph; \(engine) says: \"\(words)\"."
        let lower = words.lowercased()
        if signs.contains(where: lower.contains) {
            return RecognitionError(
                .processorLost, "\(message) The processor \(processor.rawValue) is lost, or has no memory left.")
        }
        return RecognitionError(.inferenceFailed, "\(message) Run `heed models verify`.")
    }
}
