import Captions
import Foundation
import Glibc
import Media
import Units

/// What a person sees of a run: captions as they come, how far it is, and who answers now and why.
///
/// Finished captions are lines of standard output. On a terminal the last lines of standard error are kept up to date
/// below them: the words of the open utterance, unconfirmed ones dimmed, and a line of status.
public final class TerminalDisplay: ResultSink {
    private static let interval = Duration.milliseconds(100)

    private let expected: Int?
    private let isLive: Bool
    private var outcomes = OutcomeCounts()
    private let start = MonotonicTime.now()
    private var lastDrawn: MonotonicTime?
    private var latest: SampleResult?
    private var rowsDrawn = 0
    /// The committed words of the open utterance, and those that may change.
    private var committed = ""
    private var unconfirmed = ""

    /// A display; it draws nothing but finished captions where standard error is no terminal.
    ///
    /// - Parameter expected: The number of samples, if it is known.
    public init(expected: Int?) {
        self.expected = expected
        isLive = Self.isPossible
    }

    /// Whether standard error is a terminal that lines can be redrawn on.
    public static var isPossible: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    public func receive(_ result: SampleResult) throws {
        outcomes[result.outcome] += result.count ?? 1
        if result.latencyMilliseconds != nil { latest = result }
        // A step that another took the place of has nothing to show.
        let hasChanged =
            result.outcome == .superseded && result.speech?.kind == .partial
            ? false : try result.speech.map(show) ?? false
        let now = MonotonicTime.now()
        if !hasChanged, let lastDrawn, now - lastDrawn < Self.interval { return }
        lastDrawn = now
        draw(now)
    }

    public func finish() throws {
        clear()
        if !committed.isEmpty { try endLine(committed) }
    }

    /// Takes in a step of the captions; says whether the words have changed.
    private func show(_ speech: SpeechResult) throws -> Bool {
        let before = (committed, unconfirmed)
        if !speech.committed.isEmpty {
            committed += (committed.isEmpty ? "" : " ") + speech.committed.text
        }
        unconfirmed = speech.unconfirmed.text
        if speech.kind != .partial {
            if !committed.isEmpty { try endLine(committed) }
            if let gap = speech.gap { try endLine("\(gap)") }
        }
        return before != (committed, unconfirmed)
    }

    /// Puts a finished line above what is redrawn.
    private func endLine(_ line: String) throws {
        clear()
        (committed, unconfirmed) = ("", "")
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    private func draw(_ now: MonotonicTime) {
        guard isLive else { return }
        clear()
        var rows = [String(status(now).prefix(Self.columns - 1))]
        if !committed.isEmpty || !unconfirmed.isEmpty { rows.insert(captions(Self.columns - 1), at: 0) }
        write(rows.joined(separator: "\n"))
        rowsDrawn = rows.count
    }

    /// The end of the open utterance, as much as fits.
    private func captions(_ width: Int) -> String {
        let guess = String(unconfirmed.suffix(width - 2))
        let room = width - guess.count - (guess.isEmpty ? 0 : 1)
        let certain = committed.count <= room ? committed : "…" + committed.suffix(room - 1)
        return certain + (certain.isEmpty || guess.isEmpty ? "" : " ")
            + (guess.isEmpty ? "" : "\u{1B}[2m\(guess)\u{1B}[22m")
    }

    private func status(_ now: MonotonicTime) -> String {
        let count = expected.map { "\(outcomes.total)/\($0)" } ?? "\(outcomes.total)"
        let rate = Double(outcomes.total) / max((now - start).seconds, 1e-3)
        var parts = ["\(count)  \(rate.formatted(decimals: 1))/s"]
        let others = Outcome.allCases.filter { $0 != .met && outcomes[$0] > 0 }
        parts.append(([.met] + others).map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: " "))
        if let latest, let latency = latest.latencyMilliseconds {
            if let label = latest.label, let score = latest.score {
                parts.append("\(label) \(Int((score * 100).rounded())) %")
            }
            if let backlog = latest.speech?.backlog { parts.append("\(backlog)") }
            parts.append("\(latency.formatted(decimals: 1)) ms")
            parts.append(latest.reason)
        }
        return parts.joined(separator: "  ")
    }

    private func clear() {
        guard rowsDrawn > 0 else { return }
        write("\r\u{1B}[K" + String(repeating: "\u{1B}[1A\u{1B}[K", count: rowsDrawn - 1))
        rowsDrawn = 0
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    private static var columns: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
        return isKnown ? Int(size.ws_col) : 80
    }
}
