import Dispatch
import Glibc
import Pipelines
import Synchronization

/// Turns Ctrl-C, SIGTERM and a terminal that is closed into a clean end: the first asks the pipeline to stop, a second
/// one ends the process.
final class Interruption {
    private final class State: Sendable {
        let signals = Atomic<Int>(0)
        let stop: Mutex<(@Sendable () -> Void)?>
        /// What comes before the process ends.
        let cleanUps: Mutex<[@Sendable () -> Void]>

        init(stop: (@Sendable () -> Void)?, cleanUp: @escaping @Sendable () -> Void) {
            self.stop = Mutex(stop)
            cleanUps = Mutex([cleanUp])
        }
    }

    private static let numbers = [SIGINT, SIGTERM, SIGHUP]
    private let state: State
    private let sources: [any DispatchSourceSignal]

    /// Calls `stop` at the first signal.
    convenience init(_ stop: @escaping @Sendable () -> Void) { self.init(stop: stop, cleanUp: {}) }

    /// Ends the process at the first signal, until `stop(with:)` says otherwise; `cleanUp` comes before each such end.
    static func ending(after cleanUp: @escaping @Sendable () -> Void) -> Interruption {
        Interruption(stop: nil, cleanUp: cleanUp)
    }

    private init(stop: (@Sendable () -> Void)?, cleanUp: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "heed-signals")
        let state = State(stop: stop, cleanUp: cleanUp)
        self.state = state
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler {
                let isFirst = state.signals.add(1, ordering: .relaxed).oldValue == 0
                if isFirst, let stop = state.stop.withLock({ $0 }) { return stop() }
                for cleanUp in state.cleanUps.withLock({ $0 }) { cleanUp() }
                LineLogHandler.flush()
                _exit(130)
            }
            source.resume()
        }
    }

    /// From now on the first signal calls `stop`, and `cleanUp` comes before the end at the second one as well.
    func stop(with stop: @escaping @Sendable () -> Void, cleanUp: @escaping @Sendable () -> Void = {}) {
        state.cleanUps.withLock { $0.append(cleanUp) }
        state.stop.withLock { $0 = stop }
    }

    /// Whether a signal came.
    var happened: Bool { state.signals.load(ordering: .relaxed) > 0 }

    /// Gives the signals their usual meaning back.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
