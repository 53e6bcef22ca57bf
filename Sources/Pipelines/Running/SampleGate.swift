import Foundation
import Media
import Recordings
import Units

/// Where the feeding thread meets the recognising thread: a deadline queue behind a lock, with a bell.
///
/// The lock is held for a few moves of the ring only; nothing slow happens under it.
final class SampleGate: @unchecked Sendable {  // Every access to the mutable state below holds `condition`.
    typealias Payload = RecordedEvent

    /// What the recognising thread is handed.
    enum Taken {
        /// A sample to recognise.
        case ready(Sample<Payload>)
        /// A sample whose place a newer one took: only to be counted.
        case superseded(Sample<Payload>)
    }

    /// What happens to a new sample when the queue is full.
    enum Overflow {
        /// The oldest waiting sample gives its place up.
        case supersede
        /// The feeding thread waits.
        case wait
    }

    private let condition = NSCondition()
    private var queue: DeadlineQueue<Payload>
    private let capacity: Int
    private let overflow: Overflow
    /// Pushed out but not yet counted; bounded, because the feeding thread waits while it is full.
    private var displaced: [Sample<Payload>] = []
    private var isClosed = false
    private var isStopped = false
    private var failure: (any Error)?

    init(capacity: Int, overflow: Overflow) {
        queue = DeadlineQueue(capacity: capacity)
        self.capacity = capacity
        self.overflow = overflow
        displaced.reserveCapacity(capacity)
    }

    /// Offers a sample; called by the feeding thread. Returns false when nobody wants samples any more.
    func push(_ sample: Sample<Payload>) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, displaced.count >= capacity || (overflow == .wait && queue.count >= capacity) {
            condition.wait()
        }
        if isStopped { return false }
        if let oldest = queue.push(sample) { displaced.append(oldest) }
        condition.broadcast()
        return true
    }

    /// Waits for the next sample; called by the recognising thread. Returns nil at the end of the stream.
    ///
    /// `needed` is what the quickest recogniser takes: a sample with less time left gives its place to a newer one.
    func take(needed: Duration) -> Taken? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if !displaced.isEmpty {
                condition.broadcast()
                return .superseded(displaced.removeFirst())
            }
            switch queue.take(now: .now(), needed: needed) {
            case .ready(let sample):
                condition.broadcast()
                return .ready(sample)
            case .superseded(let sample):
                condition.broadcast()
                return .superseded(sample)
            case nil:
                if isClosed || isStopped { return nil }
                condition.wait()
            }
        }
    }

    /// Says that no more samples come; what waits is still handed out.
    func close(failure: (any Error)? = nil) {
        condition.withLock {
            isClosed = true
            self.failure = failure
            condition.broadcast()
        }
    }

    /// Asks the feeding thread to end; what waits is still handed out.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// What ended the stream early, if something did.
    var streamFailure: (any Error)? { condition.withLock { failure } }
    /// The most samples that ever waited at once.
    var highWater: Int { condition.withLock { queue.highWater } }
}
