import Media
import Pipelines
import Units

/// Shows how far a long step is: a bar on a terminal, elsewhere a line at its start and one every ten seconds.
final class ProgressBar {
    private static let interval = Duration.seconds(10)

    private let title: String
    private let isLive = StandardError.shared.showsRows
    private var lastLine = MonotonicTime.now()

    init(_ title: String) {
        self.title = title
        if !isLive { say("\(title) …") }
    }

    func show(_ progress: ProfilingProgress) { show(progress.share, timeLeft: progress.timeLeft) }

    func show(_ share: Double, timeLeft: Duration? = nil) {
        let left = timeLeft.map { share >= 1 ? "" : ", \(Int($0.seconds.rounded(.up))) s left at most" } ?? ""
        let state = "\(Int(share * 100)) %\(left)"
        guard isLive else {
            guard share < 1, MonotonicTime.now() - lastLine >= Self.interval else { return }
            lastLine = .now()
            return say("\(title): \(state)")
        }
        let width = 30
        let full = Int((min(max(share, 0), 1) * Double(width)).rounded())
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let line = "\(title)  \(bar) \(state)"
        guard share >= 1 else { return StandardError.shared.show([line]) }
        clear()
        StandardError.shared.write(line: line)
    }

    /// Takes the bar away.
    func clear() {
        if isLive { StandardError.shared.clear() }
    }
}

/// A bar with the time that is left, as the time so far tells.
struct TimedProgress {
    private let bar: ProgressBar
    private let start = ContinuousClock.now
    private let first: Double

    /// Begins; the share `first` was done before.
    init(_ title: String, from first: Double = 0) {
        bar = ProgressBar(title)
        self.first = first
    }

    func show(_ share: Double) {
        let gone = (ContinuousClock.now - start).seconds
        guard share - first > 0.02, gone > 2 else { return bar.show(share) }
        bar.show(share, timeLeft: .seconds(gone * (1 - share) / (share - first)))
    }

    /// Ends the bar where it is.
    func end() { bar.clear() }
}
