import Foundation
import Glibc
import Synchronization

/// Standard error: lines that stay, and below them, where it is a terminal, rows that are kept up to date.
///
/// For any thread. What cannot be written there is left out: that is no reason to stop the work.
public final class StandardError: Sendable {
    /// The process's.
    public static let shared = StandardError()

    private struct State {
        var showsRows: Bool
        var rows: [String] = []
        var drawn = 0
    }

    private let state: Mutex<State>

    private init() {
        let isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        state = Mutex(State(showsRows: isTerminal))
    }

    /// Whether rows are shown: it is a terminal that lines can be redrawn on, and people read it.
    public var showsRows: Bool { state.withLock(\.showsRows) }

    /// Shows no rows from now on, as where programs read what is written here.
    public func hideRows() {
        clear()
        state.withLock { $0.showsRows = false }
    }

    /// Puts these rows in place of those that are shown.
    public func show(_ rows: [String]) {
        state.withLock { state in
            guard state.showsRows else { return }
            let erasure = Self.erasure(&state)
            state.rows = rows
            Self.write(erasure + Self.drawing(&state))
        }
    }

    /// Takes the rows away.
    public func clear() { show([]) }

    /// Writes a line above the rows.
    public func write(line: String) {
        state.withLock { state in Self.write(Self.erasure(&state) + line + "\n" + Self.drawing(&state)) }
    }

    private static func erasure(_ state: inout State) -> String {
        guard state.drawn > 0 else { return "" }
        defer { state.drawn = 0 }
        return "\r\u{1B}[K" + String(repeating: "\u{1B}[1A\u{1B}[K", count: state.drawn - 1)
    }

    private static func drawing(_ state: inout State) -> String {
        state.drawn = state.rows.count
        return state.rows.joined(separator: "\n")
    }

    private static func write(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
