import Foundation
import Pipelines
import Units

/// Shows how far a long step is: a bar on a terminal, one line elsewhere.
struct ProgressBar {
    private let title: String
    private let isLive = TerminalDisplay.isPossible

    init(_ title: String) {
        self.title = title
        if !isLive { say("\(title) …") }
    }

    func show(_ progress: ProfilingProgress) { show(progress.share, timeLeft: progress.timeLeft) }

    func show(_ share: Double, timeLeft: Duration? = nil) {
        guard isLive else { return }
        let width = 30
        let full = Int((min(max(share, 0), 1) * Double(width)).rounded())
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let left = timeLeft.map { share >= 1 ? "" : ", \(Int($0.seconds.rounded(.up))) s left at most" } ?? ""
        let end = share >= 1 ? "\n" : ""
        let line = "\r\u{1B}[K\(title)  \(bar) \(Int(share * 100)) %\(left)\(end)"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    /// Takes the bar away, so that something else can be written; the next `show` draws it again.
    func clear() {
        if isLive { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
