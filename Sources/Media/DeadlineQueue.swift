/// Samples that wait for a recogniser: bounded, in the order of their capture, and none leaves uncounted.
///
/// A sample goes in by `push` and comes out exactly once, returned by `push` or `take`, so that the caller can give it
/// its outcome. When time is short the newest matter most: a sample that nobody can recognise in the time it has left
/// gives its place to a newer one, if one waits. The last sample is always handed out; whether it is hopeless is for
/// the scheduler to say. A sample that is not replaceable gives its place up only where all that wait are not.
///
/// A pure state machine: it reads no clock, takes no lock, and allocates nothing after `init`.
public struct DeadlineQueue<Payload: Sendable>: ~Copyable {
    /// What `take` hands out.
    public enum Taken: Sendable {
        /// The sample to recognise next.
        case ready(Sample<Payload>)
        /// A sample whose place a newer one takes; take again for the next.
        case superseded(Sample<Payload>)
    }

    /// The most samples that wait at once.
    public let capacity: Int
    /// The samples that wait now.
    public private(set) var count = 0
    /// The most samples that ever waited at once.
    public private(set) var highWater = 0
    private var slots: [Sample<Payload>?]
    private var head = 0

    /// Makes an empty queue for up to `capacity` samples, at least one.
    public init(capacity: Int) {
        precondition(capacity > 0, "a queue needs room for one sample")
        self.capacity = capacity
        slots = Array(repeating: nil, count: capacity)
    }

    /// Whether no sample waits.
    public var isEmpty: Bool { count == 0 }

    /// Adds a sample; returns the oldest one that is replaceable, now superseded, when the queue was full.
    ///
    /// That is the sample itself where it is replaceable and none that waits is, or all that wait are newer; where none
    /// is replaceable, the oldest goes.
    /// Constant time when samples come in the order of their capture and are replaceable; one that comes late is sorted
    /// in.
    public mutating func push(_ sample: Sample<Payload>) -> Sample<Payload>? {
        var superseded: Sample<Payload>?
        if count == capacity {
            let replaceable = (0..<count).first { slots[slot($0)]?.isReplaceable ?? true }
            if sample.isReplaceable {
                guard let replaceable, let oldest = slots[slot(replaceable)], sample.captured >= oldest.captured else {
                    return sample
                }
            }
            superseded = remove(at: replaceable ?? 0)
        }
        var position = count
        while position > 0, let before = slots[slot(position - 1)], before.captured > sample.captured {
            slots[slot(position)] = before
            position -= 1
        }
        slots[slot(position)] = sample
        count += 1
        highWater = max(highWater, count)
        return superseded
    }

    /// Takes the oldest sample; nil when none waits.
    ///
    /// It is superseded when less than `needed`, the time that the quickest recogniser takes, is left to its deadline
    /// at `now` and a newer sample waits; never when `needed` is nil. Constant time.
    public mutating func take(now: MonotonicTime, needed: Duration?) -> Taken? {
        let others = count > 1
        guard let first = removeFirst() else { return nil }
        guard others, first.isReplaceable, let needed, first.deadline - now < needed else { return .ready(first) }
        return .superseded(first)
    }

    private func slot(_ position: Int) -> Int { (head + position) % capacity }

    private mutating func remove(at position: Int) -> Sample<Payload>? {
        let sample = slots[slot(position)]
        for later in stride(from: position, to: 0, by: -1) { slots[slot(later)] = slots[slot(later - 1)] }
        removeFirst()
        return sample
    }

    @discardableResult
    private mutating func removeFirst() -> Sample<Payload>? {
        guard count > 0 else { return nil }
        let first = slots[head]
        slots[head] = nil
        head = slot(1)
        count -= 1
        return first
    }
}
