import Foundation
import Glibc
import Media
import Units

/// Keeps one line of a terminal up to date: how far the run is, how it goes, and who answers now and why.
public final class StatusLine: ResultSink {
    private static let interval = Duration.milliseconds(100)

    private let expected: Int?
    private var outcomes = OutcomeCounts()
    private let start = MonotonicTime.now()
    private var lastDrawn: MonotonicTime?
    private var latest: SampleResult?

    /// A status line on standard error.
    ///
    /// - Parameter expected: The number of samples, if it is known.
    public init(expected: Int?) {
        self.expected = expected
    }

    /// Whether standard error is a terminal that a line can be redrawn on.
    public static var isPossible: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    public func receive(_ result: SampleResult) {
        outcomes[result.outcome] += 1
        if result.latencyMilliseconds != nil { latest = result }
        let now = MonotonicTime.now()
        if let lastDrawn, now - lastDrawn < Self.interval { return }
        lastDrawn = now
        draw(now)
    }

    public func finish() { write("\r\u{1B}[K") }

    private func draw(_ now: MonotonicTime) {
        let count = expected.map { "\(outcomes.total)/\($0)" } ?? "\(outcomes.total)"
        let rate = Double(outcomes.total) / max((now - start).seconds, 1e-3)
        var parts = ["\(count)  \(rate.formatted(decimals: 1))/s"]
        let others = Outcome.allCases.filter { $0 != .met && outcomes[$0] > 0 }
        parts.append(([.met] + others).map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: " "))
        if let latest, let label = latest.label, let score = latest.score, let latency = latest.latencyMilliseconds {
            parts.append("\(label) \(Int((score * 100).rounded())) %")
            parts.append("\(latency.formatted(decimals: 1)) ms")
            parts.append(latest.reason)
        }
        write("\r\u{1B}[K" + String(parts.joined(separator: "  ").prefix(Self.columns - 1)))
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    private static var columns: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
        return isKnown ? Int(size.ws_col) : 80
    }
}
