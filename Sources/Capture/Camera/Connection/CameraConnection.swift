public import Media

/// The life of a camera's connection: it streams, gets lost, and comes back by itself.
///
/// ```
/// waiting ──► probing ──► negotiating ──► streaming ──► closing ──► waiting
///    ▲           │             │            ▲   │          ▲
///    └───────────┴─(refused)───┼──► closing │   ▼          │
///                              │         restarting ───────┘
/// ```
///
/// A pure state machine: an event and the time go in, what to do next comes out. Who drives it does the one thing it is
/// told and reports how that ended.
public struct CameraConnection: Hashable, Sendable {
    /// Where the connection stands.
    public enum Phase: String, Hashable, Sendable, Codable {
        /// The device is looked for and opened.
        case probing
        /// Format and buffers are settled.
        case negotiating
        /// Frames come.
        case streaming
        /// A stream that stalled is switched off and on.
        case restarting
        /// What is still lent comes back, then the device is closed.
        case closing
        /// The device may come back, or may become free.
        case waiting
        /// It is over; nothing happens any more.
        case finished
    }

    /// Why a stream ended.
    public enum Loss: String, Hashable, Sendable, Codable {
        /// The device is gone.
        case disconnected
        /// No frame came for too long.
        case stalled
        /// Only damaged frames came, or the driver reported one error after another.
        case errors
    }

    /// Why the device cannot be used now.
    public enum Obstacle: String, Hashable, Sendable, Codable {
        /// There is no such device.
        case absent
        /// Another process uses it.
        case busy
        /// This user may not open it.
        case denied
        /// The bus cannot carry the mode.
        case bandwidth
        /// The kernel refused something else.
        case failed
    }

    /// What has happened.
    public enum Event: Hashable, Sendable {
        /// The connection is wanted.
        case begin
        /// The device is open.
        case opened
        /// The device could not be opened, or no mode could be agreed on, or the stream could not be started.
        case refused(Obstacle)
        /// The stream has started.
        case negotiated
        /// The stream has been switched off and on.
        case restarted
        /// The stream has ended by itself after so many good frames since it last started.
        case lost(Loss, frames: Int)
        /// Everything is back and the device is closed.
        case closed
        /// Something about the devices has changed.
        case changed
        /// The wait is over.
        case elapsed
        /// The connection is no longer wanted.
        case stop
    }

    /// What to do next.
    public enum Action: Hashable, Sendable {
        /// Look for the device and open it.
        case probe
        /// Agree on the mode that is number `attempt` in the order of preference, and start the stream.
        case negotiate(attempt: Int)
        /// Take frames until the stream ends.
        case stream
        /// Switch the stream off and on.
        case restart
        /// Wait for what is lent and close the device.
        case close
        /// Wait until the devices change, or until the moment.
        case wait(until: MonotonicTime)
        /// End.
        case finish
    }

    /// The wait after the first failure; each further one doubles it.
    public static let firstWait: Duration = .milliseconds(250)
    /// The longest wait.
    public static let longestWait: Duration = .seconds(5)
    /// The wait for a device that is there, but busy or forbidden.
    public static let retryWait: Duration = .seconds(2)
    /// The least time between two probes, however often the devices change.
    public static let settleTime: Duration = .milliseconds(100)
    /// Good frames that a stream must have given for the waits to start anew.
    public static let steadyFrames = 10
    /// The modes tried when the bus cannot carry one.
    public static let maximumAttempts = 4

    /// Where the connection stands.
    public private(set) var phase: Phase = .waiting
    /// Why the last stream ended; nil while one runs, and until one has.
    public private(set) var loss: Loss?
    /// What is in the way now; nil while nothing is.
    public private(set) var obstacle: Obstacle?
    /// The streams that were started, restarts not counted.
    public private(set) var streams = 0
    private var attempt = 0
    private var isStopping = false
    private var hasRestarted = false
    private var backoff = firstWait
    private var lastProbe: MonotonicTime?
    private var waitsUntil: MonotonicTime?

    /// Makes a connection that has not begun.
    public init() {}

    /// Takes an event and says what to do next; nil for an event that does not belong to the phase and changes nothing.
    public mutating func handle(_ event: Event, now: MonotonicTime) -> Action? {
        switch (phase, event) {
        case (.finished, _): nil
        case (.waiting, .stop), (.probing, .stop): finish()
        case (.closing, .stop): note { $0.isStopping = true }
        case (_, .stop): close(stopping: true)
        case (.waiting, .begin), (.waiting, .elapsed): probe(now)
        case (.waiting, .changed): settle(now)
        case (.probing, .opened): negotiate(0)
        case (.probing, .refused(let obstacle)): wait(for: obstacle, now)
        case (.negotiating, .negotiated): stream()
        case (.negotiating, .refused(.bandwidth)) where attempt + 1 < Self.maximumAttempts: negotiate(attempt + 1)
        case (.negotiating, .refused(let obstacle)), (.restarting, .refused(let obstacle)): close(after: obstacle)
        case (.streaming, .lost(let loss, let frames)): lose(loss, frames)
        case (.restarting, .restarted): resume()
        case (.closing, .closed): isStopping ? finish() : wait(for: obstacle ?? .absent, now)
        default: nil
        }
    }

    private mutating func note(_ change: (inout Self) -> Void) -> Action? {
        change(&self)
        return nil
    }

    private mutating func finish() -> Action {
        phase = .finished
        return .finish
    }

    private mutating func probe(_ now: MonotonicTime) -> Action {
        phase = .probing
        lastProbe = now
        waitsUntil = nil
        return .probe
    }

    // A device that comes back changes several times: its node, its links, its permissions.
    private mutating func settle(_ now: MonotonicTime) -> Action {
        guard let lastProbe, now < lastProbe + Self.settleTime else { return probe(now) }
        let soon = lastProbe + Self.settleTime
        let until = min(waitsUntil ?? soon, soon)
        waitsUntil = until
        return .wait(until: until)
    }

    private mutating func negotiate(_ attempt: Int) -> Action {
        phase = .negotiating
        self.attempt = attempt
        return .negotiate(attempt: attempt)
    }

    private mutating func stream() -> Action {
        phase = .streaming
        obstacle = nil
        loss = nil
        hasRestarted = false
        streams += 1
        return .stream
    }

    private mutating func resume() -> Action {
        phase = .streaming
        return .stream
    }

    private mutating func lose(_ loss: Loss, _ frames: Int) -> Action {
        if frames >= Self.steadyFrames {
            backoff = Self.firstWait
            hasRestarted = false
        }
        if loss == .stalled, !hasRestarted {
            hasRestarted = true
            phase = .restarting
            return .restart
        }
        self.loss = loss
        return close(stopping: false)
    }

    private mutating func close(after obstacle: Obstacle) -> Action {
        self.obstacle = obstacle
        return close(stopping: false)
    }

    private mutating func close(stopping: Bool) -> Action {
        phase = .closing
        isStopping = stopping
        return .close
    }

    private mutating func wait(for obstacle: Obstacle, _ now: MonotonicTime) -> Action {
        phase = .waiting
        self.obstacle = obstacle
        let wait: Duration
        switch obstacle {
        case .busy, .denied: wait = Self.retryWait
        case .absent, .bandwidth, .failed:
            wait = backoff
            backoff = min(backoff * 2, Self.longestWait)
        }
        let until = now + wait
        waitsUntil = until
        return .wait(until: until)
    }
}
