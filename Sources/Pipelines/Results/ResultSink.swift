/// A place where results go as they come.
///
/// Sinks are called on the recognising thread, one sample at a time, so they must be quick: sensor-to-result latency
/// ends when the last of them returns.
public protocol ResultSink: AnyObject {
    /// Takes one result.
    func receive(_ result: SampleResult) throws
    /// What became of the results, where they are sent somewhere; asked for after the end.
    var report: SinkReport? { get }
    /// Called after the last result, before any sink's `finish`: begins what takes time, and does not wait for it.
    func prepareToFinish()
    /// Called once after the last result, also when the run ends with an error.
    func finish() throws
}

extension ResultSink {
    /// Most sinks finish at once.
    public func prepareToFinish() {}
    /// Most sinks have the results when `receive` returns.
    public var report: SinkReport? { nil }
}
