import Synchronization

/// Stops a run of a graph from another thread: the one under way, and those that begin before it is let go.
///
/// The graph stays loaded and runs again as before. Safe to use from any thread; does not block.
public final class RunBrake: Sendable {
    private let pressed = Atomic<Bool>(false)
    private let stop: @Sendable () -> Void
    private let allow: @Sendable () -> Void

    /// Makes a brake from what an engine does to stop a run, and to allow the next.
    init(stop: @escaping @Sendable () -> Void, allow: @escaping @Sendable () -> Void = {}) {
        self.stop = stop
        self.allow = allow
    }

    /// Whether runs are stopped.
    public var isPressed: Bool { pressed.load(ordering: .acquiring) }

    /// Stops the run under way as soon as the operation that it is at is done, and those to come at once.
    public func press() {
        pressed.store(true, ordering: .releasing)
        stop()
    }

    /// Lets runs go to their end again. Called between runs.
    public func release() {
        guard isPressed else { return }
        allow()
        pressed.store(false, ordering: .releasing)
    }
}
