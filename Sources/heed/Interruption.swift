import Dispatch
import Glibc
import Synchronization

/// Turns Ctrl-C, SIGTERM and a terminal that is closed into a clean end: the first asks the pipeline to stop, a second one ends the process.
final class Interruption {
    private final class Count: Sendable {
        let signals = Atomic<Int>(0)
    }

    private static let numbers = [SIGINT, SIGTERM, SIGHUP]
    private let count = Count()
    private let sources: [any DispatchSourceSignal]

    /// Calls `stop` at the first signal.
    init(_ stop: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "heed-signals")
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler { [count] in
                if count.signals.add(1, ordering: .relaxed).oldValue == 0 { stop() } else { _exit(130) }
            }
            source.resume()
        }
    }

    /// Whether a signal came.
    var happened: Bool { count.signals.load(ordering: .relaxed) > 0 }

    /// Gives the signals their usual meaning back.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
