import CFFmpeg

/// What FFmpeg's libraries ask of each caller.
enum FFmpeg {
    /// Keeps FFmpeg from writing to standard error; its words go into our errors instead.
    static let quieted: Void = heed_ffmpeg_keep_log()

    /// Runs `work` and, when its result is negative, returns FFmpeg's own reason beside it.
    static func run(_ work: () -> Int32) -> (result: Int32, reason: String) {
        _ = quieted
        heed_ffmpeg_reset_line()
        let result = work()
        return (result, result < 0 ? reason(result) : "")
    }

    /// The first error line of the log since the last `run`; empty when there is none.
    static var logLine: String { String(cString: heed_ffmpeg_line()) }

    private static func reason(_ code: Int32) -> String {
        let general = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer -> String in
            guard let text = buffer.baseAddress else { return "error \(code)" }
            av_strerror(code, text, buffer.count)
            return String(cString: text)
        }
        return logLine.isEmpty ? general : "\(logLine) (\(general))"
    }
}
