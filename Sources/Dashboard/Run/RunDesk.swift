import Alert
import Foundation
import Logging
import Machine
import Media
import Pipelines
import Synchronization
import Units

/// What viewers see and change of a run, which comes once it is loaded: its state, its figures, its controls.
final class RunDesk: Sendable {
    /// The changes that are kept for people to see.
    private static let keptChanges = 20
    /// The least time over which it is told how busy the processors were.
    private static let useInterval = Duration.milliseconds(500)

    private struct State {
        var run: RunDescription?
        var controls: RunControls?
        var started: MonotonicTime?
        var changes: [PageState.Change] = []
        var isEnded = false
        /// What the processors had worked, when that was read, and how busy they were until then.
        var lastUse = (time: ProcessorTime.process(), at: MonotonicTime.now(), share: 0.0)
    }

    /// heed's version.
    let version: String
    let book: RunBook
    private let hub: EventHub
    private let logger: Logger
    private let state = Mutex(State())
    /// Held for the whole of a change, so that each begins with what the one before it led to.
    let changing = NSLock()
    /// Held from reading the state until viewers have it, so that the newest is told last.
    private let publishing = NSLock()

    init(version: String, book: RunBook, hub: EventHub, logger: Logger) {
        self.version = version
        self.book = book
        self.hub = hub
        self.logger = logger
    }

    /// What runs; nil before it does.
    var run: RunDescription? { state.withLock(\.run) }
    /// What may be changed of it.
    var controls: RunControls? { state.withLock(\.controls) }
    /// Whether samples are recognised now.
    var isRunning: Bool { state.withLock { $0.controls != nil && !$0.isEnded } }

    /// A run begins.
    func begin(_ run: RunDescription, _ controls: RunControls) {
        state.withLock { state in
            state.run = run
            state.controls = controls
            state.started = .now()
        }
        publishState()
    }

    /// The run is over; its figures stay.
    func end() {
        state.withLock { $0.isEnded = true }
        publishState()
    }

    /// The run's state now.
    func read() -> PageState {
        let seen = state.withLock(\.self)
        return PageState(
            version: version, name: seen.run?.name, pace: seen.run?.pace, recording: seen.run?.recording,
            started: seen.started?.nanoseconds, now: MonotonicTime.now().nanoseconds,
            streams: (seen.controls?.streams ?? []).map(PageState.Stream.init),
            replay: seen.controls?.playhead.map { PageState.Replay(isPaused: $0.isPaused) }, changes: seen.changes,
            isEnded: seen.isEnded)
    }

    /// The run's figures, and how busy the processors were of late: the same for all who ask within half a second.
    func figures(viewers: Int) -> PageStats {
        let (use, at) = (ProcessorTime.process(), MonotonicTime.now())
        let (share, controls) = state.withLock { state in
            let last = state.lastUse
            if at - last.at >= Self.useInterval {
                state.lastUse = (use, at, (use - last.time) / (at - last.at))
            }
            return (state.lastUse.share, state.controls)
        }
        let figures = book.read()
        let streams = controls?.streams ?? []
        return PageStats(
            now: at.nanoseconds,
            streams: Dictionary(
                uniqueKeysWithValues: streams.map {
                    ($0.stream.rawValue, PageStats.Stream($0, figures[$0.stream] ?? RunBook.Stream()))
                }),
            processorUse: share,
            lost: figures.values.reduce(0) { $0 + $1.outcomes[.lost] },
            gaps: figures.values.reduce(0) { $0 + $1.gaps.count },
            reconnects: streams.reduce(0) { $0 + $1.reconnects }, viewers: viewers)
    }

    /// Notes what `who` has changed, and tells every viewer and the log.
    func note(_ what: String, by who: String) {
        let change = PageState.Change(at: Date().ISO8601Format(), who: who, what: what)
        state.withLock { state in
            state.changes.append(change)
            if state.changes.count > Self.keptChanges { state.changes.removeFirst() }
        }
        logger.notice("\(what) (by \(who))", metadata: ["who": "\(who)", "change": "\(what)"])
        publishState()
    }

    private func publishState() { publishing.withLock { hub.publish(.state, read().json) } }
}
