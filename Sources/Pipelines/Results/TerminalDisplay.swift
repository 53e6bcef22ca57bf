import Captions
import Glibc
import Media
import Units

/// What a person sees of a run: captions as they come, how far it is, and who answers now and why.
///
/// Finished captions are lines of standard output. On a terminal the last lines of standard error are kept up to date
/// below them: the words of the open utterance, unconfirmed ones dimmed, and the status of each stream.
public final class TerminalDisplay: ResultSink {
    private static let interval = Duration.milliseconds(100)

    private let frameCount: Int?
    private var statuses: [SampleResult.Stream: StreamStatus] = [:]
    private var lastDrawn: MonotonicTime?
    /// The committed words of the open utterance, and those that may change.
    private var committed = ""
    private var unconfirmed = ""

    /// A display; it draws nothing but finished captions where standard error is no terminal.
    ///
    /// - Parameter frameCount: The number of frames that will come, if it is known.
    public init(frameCount: Int?) { self.frameCount = frameCount }

    public func receive(_ result: SampleResult) throws {
        // A step that another took the place of has nothing to show.
        let hasChanged =
            result.outcome == .superseded && result.speech?.kind == .partial
            ? false : try result.speech.map(show) ?? false
        let now = MonotonicTime.now()
        var status =
            statuses[result.stream]
            ?? StreamStatus(result.stream, expected: result.stream == .frames ? frameCount : nil)
        status.take(result, at: now)
        statuses[result.stream] = status
        if !hasChanged, let lastDrawn, now - lastDrawn < Self.interval { return }
        lastDrawn = now
        draw()
    }

    public func finish() throws {
        StandardError.shared.clear()
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
        StandardError.shared.clear()
        (committed, unconfirmed) = ("", "")
        try StandardOutput.write(line: line)
    }

    private func draw() {
        guard StandardError.shared.showsRows else { return }
        var rows = SampleResult.Stream.allCases.flatMap { statuses[$0]?.rows ?? [] }
            .map { String($0.prefix(Self.columns - 1)) }
        if !committed.isEmpty || !unconfirmed.isEmpty { rows.insert(captions(Self.columns - 1), at: 0) }
        StandardError.shared.show(rows)
    }

    /// The end of the open utterance, as much as fits.
    private func captions(_ width: Int) -> String {
        let guess = String(unconfirmed.suffix(width - 2))
        let room = width - guess.count - (guess.isEmpty ? 0 : 1)
        let certain = committed.count <= room ? committed : "…" + committed.suffix(room - 1)
        return certain + (certain.isEmpty || guess.isEmpty ? "" : " ")
            + (guess.isEmpty ? "" : "\u{1B}[2m\(guess)\u{1B}[22m")
    }

    private static var columns: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
        return isKnown ? Int(size.ws_col) : 80
    }
}
