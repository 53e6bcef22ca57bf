import Media

/// Feeds samples into a gate from a thread of its own: the way from a source to its lane.
protocol SampleFeeder: Sendable {
    /// Starts the feeding thread; it ends with its source, with an error, or when the gate is stopped, and closes the
    /// gate. The run's timeline begins at `origin`. What a device brings goes to the `recorder` too.
    func start(at origin: MonotonicTime, recorder: RunRecorder?)

    /// Writes what it knows of its device into the run's summary, once the gate is closed.
    func describe(in summary: inout Summary)
}

extension SampleFeeder {
    func describe(in _: inout Summary) {}
}
