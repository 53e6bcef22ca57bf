/// A place where results go as they come.
///
/// Sinks are called on the recognising thread, one sample at a time, so they must be quick: sensor-to-result latency
/// ends when the last of them returns.
public protocol ResultSink: AnyObject {
    /// Takes one result.
    func receive(_ result: SampleResult) throws
    /// Called once after the last result, also when the run ends with an error.
    func finish() throws
}
