import Capture
import Media
import Units

/// What happens to a new sample when the queue is full.
enum GateOverflow {
    /// The oldest waiting sample gives its place up.
    case supersede
    /// The feeding thread waits, and no sample is ever superseded.
    case wait

    /// Results that may wait to be counted: two minutes of a camera.
    fileprivate static let settledLimit = 4096
    /// Why a sample was superseded.
    static let reason = "a newer sample took its place"
}

/// A gate whose feeding can be ended, whatever its samples hold.
protocol StoppableGate: Sendable {
    /// Asks the feeding thread to end soon; what waits is still handed out.
    func stop()
    /// Whether the feeding thread has been asked to end.
    var isStopping: Bool { get }
}

/// Where the feeding thread meets the recognising thread: a deadline queue behind a lock, with a bell.
///
/// The lock is held for a few moves of the ring only; nothing slow happens under it.
final class SampleGate<Payload: Sendable>: StoppableGate, @unchecked Sendable {
    // Every access to the mutable state below holds `condition`.

    /// What the recognising thread is handed.
    enum Taken {
        /// A sample to recognise.
        case ready(Sample<Payload>)
        /// The result of samples that nobody is to recognise, such as those whose place a newer one took.
        case settled(SampleResult)
    }

    private let clock: RunClock
    private let condition: RunCondition
    private var queue: DeadlineQueue<Payload>
    private let overflow: GateOverflow
    private let superseded: @Sendable (Sample<Payload>) -> SampleResult
    private var settled: [SampleResult] = []
    private var isClosed = false
    private var isStopped = false
    private var failure: (any Error)?

    /// Makes a gate. `superseded` makes the result of a sample whose place a newer one took.
    init(
        capacity: Int, overflow: GateOverflow, clock: RunClock = .monotonic,
        superseded: @escaping @Sendable (Sample<Payload>) -> SampleResult
    ) {
        self.clock = clock
        condition = RunCondition(clock)
        self.superseded = superseded
        queue = DeadlineQueue(capacity: capacity)
        self.overflow = overflow
    }

    /// The present moment of the run.
    var now: MonotonicTime { clock.now() }

    /// Offers a sample; called by the feeding thread. Returns false when nobody wants samples any more, unless it
    /// completes what was begun before.
    func push(_ sample: Sample<Payload>, completes: Bool = false) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, isFull { condition.wait() }
        if isStopped, !completes { return false }
        if let oldest = queue.push(sample) { settled.append(superseded(oldest)) }
        condition.broadcast()
        return true
    }

    /// Hands on the result of samples that nobody is to recognise; called by the feeding thread.
    func settle(_ result: SampleResult) {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, settled.count >= GateOverflow.settledLimit { condition.wait() }
        settled.append(result)
        condition.broadcast()
    }

    private var isFull: Bool {
        settled.count >= GateOverflow.settledLimit || (overflow == .wait && queue.count >= queue.capacity)
    }

    /// Waits for the next sample; called by the recognising thread. Returns nil at the end of the stream.
    ///
    /// `needed` is what the quickest recogniser takes: a sample with less time left gives its place to a newer one.
    func take(needed: Duration) -> Taken? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if !settled.isEmpty {
                condition.broadcast()
                return .settled(settled.removeFirst())
            }
            // Where the feeder waits for room, the time a sample waited says nothing of its deadline.
            switch queue.take(now: clock.now(), needed: overflow == .wait ? nil : needed) {
            case .ready(let sample):
                condition.broadcast()
                return .ready(sample)
            case .superseded(let sample):
                return .settled(superseded(sample))
            case nil:
                if isClosed { return nil }
                condition.wait()
            }
        }
    }

    /// Says that the feeding thread is done; what waits is still handed out.
    func close(failure: (any Error)? = nil) {
        condition.withLock {
            isClosed = true
            self.failure = failure
            condition.broadcast()
        }
    }

    /// Asks the feeding thread to end soon; what waits is still handed out.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Whether the feeding thread has been asked to end.
    var isStopping: Bool { condition.withLock { isStopped } }
    /// How many samples wait to be recognised.
    var waiting: Int { condition.withLock { queue.count } }
    /// What ended the stream early, if something did.
    var streamFailure: (any Error)? { condition.withLock { failure } }
}

extension SampleGate {
    /// How long a wait may go on without asking whether the run is to end.
    private static var longestSleep: Duration { .milliseconds(50) }

    /// Runs `feed` on a thread of its own and closes the gate when it is done or throws.
    func feed(threadName: String, _ feed: @escaping @Sendable () throws -> Void) {
        clock.startThread(named: threadName, stackSize: 4 << 20) { [self] in
            ThreadPriority.feeding.apply()
            do {
                try feed()
                close()
            } catch {
                close(failure: error)
            }
        }
    }

    /// Blocks the feeding thread until `moment`, or until the feeding is to end.
    func wait(until moment: MonotonicTime) {
        while !isStopping {
            let now = clock.now()
            if now >= moment { return }
            clock.sleep(until: min(moment, now + Self.longestSleep))
        }
    }
}
