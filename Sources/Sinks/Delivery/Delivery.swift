import Foundation
import Glibc
public import Logging

/// Brings messages to one far end, in order, at least once, on a thread of its own (`heed-sink`).
///
/// `send` only puts a message in memory, whose size is bounded. While the far end does not answer, what waits is moved
/// to the spool, if there is one, and tried again with a back-off; memory takes what the spool has no room for. What
/// finds no room in memory either is dropped, and counted. Where there is no spool, memory is all there is.
public final class Delivery: @unchecked Sendable {  // `lock` guards what threads share; the rest is the thread's own.
    /// The bounds of a delivery.
    public struct Limits: Sendable, Hashable {
        /// The most bytes that wait in memory: what comes while a far end that hangs is waited for once.
        public var memory = 8 << 20
        /// The waits between tries.
        public var backOff = BackOff()
        /// How long the end of a run waits for what is still to be sent.
        public var grace = Duration.seconds(5)

        /// The usual bounds.
        public init() {}
    }

    /// What it is called in messages to people.
    public let name: String
    private let end: any FarEnd
    private let spool: Spool?
    private let limits: Limits
    private let lock = NSCondition()
    private let logger: Logger
    private let isDone = DispatchSemaphore(value: 0)

    // Guarded by `lock`.
    private var queue = MessageQueue()
    private var shared = DeliveryCounts()
    private var handedOver = 0
    private var hasOverflowed = false
    private var stopBy: ContinuousClock.Instant?

    // The thread's own.
    private var backOff: BackOff
    private var down: (since: ContinuousClock.Instant, tryAgain: ContinuousClock.Instant)?
    private var lastTry = ContinuousClock.Instant.now
    private var hasTried = false
    private var spoolIsFull = false
    private var saysDropped = false
    private var refusals: Set<String> = []

    /// Begins: opens the way to the far end, and sends what waited since a run before.
    ///
    /// - Parameter logger: Told what a person should know, such as that the far end is away, mostly by the delivery's
    ///   thread.
    public init(
        to end: any FarEnd, name: String, spool: Spool? = nil, limits: Limits = Limits(),
        logger: Logger = Logger(label: "heed")
    ) {
        self.name = name
        self.end = end
        self.spool = spool
        self.limits = limits
        self.logger = logger
        backOff = limits.backOff
        shared.waiting = spool?.count ?? 0
        shared.dropped = spool?.lostBefore ?? 0
        let thread = Thread { [self] in
            // A far end that closes its connection is an error of a call, not the end of heed.
            var broken = sigset_t()
            sigemptyset(&broken)
            sigaddset(&broken, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &broken, nil)
            run()
            isDone.signal()
        }
        thread.name = "heed-sink"
        thread.start()
    }

    /// What became of the messages so far.
    public var counts: DeliveryCounts { lock.withLock { shared } }

    /// The messages that this run handed over, whatever became of them.
    public var taken: Int { lock.withLock { handedOver } }

    /// Hands over a message; never waits for the far end or a disk.
    public func send(_ message: Message) {
        lock.withLock {
            handedOver += 1
            guard queue.size + message.size <= limits.memory else {
                hasOverflowed = true
                return shared.dropped += 1
            }
            queue.append(message)
            shared.waiting += 1
            lock.signal()
        }
    }

    /// Begins its end and does not wait for it: from now on nothing may be handed over, and `grace` counts.
    public func beginFinish() {
        lock.withLock {
            stopBy = stopBy ?? .now + limits.grace
            lock.signal()
        }
    }

    /// Ends it: waits up to `grace`, and the one try that is being made, for what is still to be sent; the rest stays
    /// in the spool for the next run, or is dropped where there is none.
    public func finish() {
        beginFinish()
        isDone.wait()
    }

    // MARK: - The thread

    private func run() {
        if let spool, !spool.isEmpty {
            say(.notice, "\(spool.count) of a run before wait in \(spool.path) and are sent first")
        }
        while true {
            let stopBy = waitForWork()
            if down != nil || spool?.isEmpty == false { moveToSpool() }
            spool?.syncIfDue()
            sayDropped()
            if let stopBy, isEmpty || down != nil || stopBy <= .now {
                // Without a spool this is the last chance.
                if down != nil, spool == nil, !isEmpty { tryToSend() }
                break
            }
            if let down, down.tryAgain > .now { continue }
            tryToSend()
        }
        end.close()
        moveToSpool()
        spool?.sync()
        settle()
    }

    private var isEmpty: Bool { lock.withLock { queue.isEmpty } && spool?.isEmpty ?? true }

    /// Waits until there is something to do; says by when to end, once the run is over.
    private func waitForWork() -> ContinuousClock.Instant? {
        let next = down?.tryAgain ?? end.attention.map { hasTried ? lastTry + $0 : .now }
        let wake = [spool?.syncDue, next].compactMap(\.self).min()
        let canSpool = spool != nil && !spoolIsFull
        let isUpWithSpool = down == nil && spool?.isEmpty == false
        return lock.withLock {
            let hasWork = isUpWithSpool || (!queue.isEmpty && (down == nil || canSpool))
            guard stopBy == nil, !hasWork else { return stopBy }
            if let wake {
                let rest = wake - .now
                // In short waits, for this one is on the wall clock, which may be set back.
                if rest > .zero { _ = lock.wait(until: Date(timeIntervalSinceNow: min(rest / .seconds(1), 1))) }
            } else {
                lock.wait()
            }
            return stopBy
        }
    }

    /// Moves what waits in memory behind what waits on disk, as far as there is room.
    private func moveToSpool() {
        guard let spool else { return }
        while true {
            let messages = lock.withLock { queue.first(256) }
            guard !messages.isEmpty else { return }
            let moved = spool.append(messages)
            lock.withLock { queue.removeFirst(moved) }
            spoolIsFull = moved < messages.count
            if spoolIsFull { return }
        }
    }

    private func tryToSend() {
        spoolIsFull = false
        hasTried = true
        defer { lastTry = .now }
        let spooled = spool?.first(end.batch) ?? []
        sayDamage()
        let messages = spooled.isEmpty ? lock.withLock { queue.first(end.batch) } : spooled
        do {
            try end.open()
            if messages.isEmpty {
                try end.attend()
            } else {
                try end.send(messages)
                remove(sent: messages.count, fromSpool: !spooled.isEmpty)
                backOff.succeeded()
            }
            cameBack()
        } catch {
            remove(sent: error.sent, refused: error.isRefusal ? 1 : 0, fromSpool: !spooled.isEmpty)
            if error.isRefusal { sayRefused(error.reason) } else { wentAway(error.reason) }
        }
    }

    private func remove(sent: Int, refused: Int = 0, fromSpool: Bool) {
        if fromSpool { spool?.removeFirst(sent + refused) }
        lock.withLock {
            if !fromSpool { queue.removeFirst(sent + refused) }
            shared.sent += sent
            shared.dropped += refused
            shared.waiting -= sent + refused
        }
    }

    /// Counts what is left in memory at the end as dropped.
    private func settle() {
        let counts = lock.withLock {
            shared.dropped += queue.count
            shared.waiting -= queue.count
            queue.removeFirst(queue.count)
            return shared
        }
        if let spool, counts.waiting > 0 {
            say(.warning, "\(counts.waiting) wait in \(spool.path); the next run sends them")
        }
        if counts.dropped > 0 { say(.error, "\(counts.dropped) in all were dropped") }
    }

    // MARK: - What a person should know

    private func wentAway(_ reason: String) {
        let wait = backOff.failed()
        if down == nil {
            let place = spool.map { "in \($0.path), \($0.limit >> 10) KiB at most" } ?? "in memory"
            say(.warning, "\(reason); what comes waits \(place), until it can be sent")
        }
        down = (down?.since ?? .now, .now + wait)
    }

    private func cameBack() {
        guard let down else { return }
        let away = (ContinuousClock.now - down.since) / .seconds(1)
        self.down = nil
        saysDropped = false
        say(.notice, "is back after \(Int(away.rounded(.up))) s; \(counts.waiting) wait to be sent")
    }

    private func sayDropped() {
        guard !saysDropped, lock.withLock({ hasOverflowed && queue.size * 2 > limits.memory }) else { return }
        saysDropped = true
        let obstacle = spool.map { $0.obstacle.isEmpty ? "" : ", and " + $0.obstacle } ?? ""
        say(.error, "what comes now is dropped: memory is full\(obstacle)")
    }

    private func sayRefused(_ reason: String) {
        // Once for each reason, and not without end.
        guard refusals.count < 16, refusals.insert(reason).inserted else { return }
        say(.error, "\(reason); what it refused is dropped")
    }

    private func sayDamage() {
        guard let spool, spool.takeDamage() else { return }
        lock.withLock {
            let left = queue.count + spool.count
            shared.dropped += shared.waiting - left
            shared.waiting = left
        }
        say(.error, "\(spool.path): a part of what waited could not be read back and is lost")
    }

    private func say(_ level: Logger.Level, _ line: String) {
        let counts = counts
        logger.log(
            level: level, "\(name): \(line)",
            metadata: [
                "waiting": .stringConvertible(counts.waiting), "dropped": .stringConvertible(counts.dropped),
            ])
    }
}
