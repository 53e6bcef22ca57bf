public import Alert
import Units

/// Candidates that can be measured on this machine, whatever they recognise.
public protocol MeasurableCandidates: AnyObject {
    /// The candidates, which the other members refer to by index.
    var candidates: [Candidate] { get }
    /// The version of the inference engine.
    var runtimeVersion: String { get }
    /// SHA-256 of each recogniser's graph, by name: what a profile must have been measured on.
    var modelHashes: [String: String] { get }
    /// The kind of each recogniser, by name: its network's and the format of its numbers, which decide together how
    /// much a setting helps.
    var kinds: [String: String] { get }
    /// The processors they run on besides the machine's own cores, each with its device and driver in words.
    var devices: [String: String] { get }
    /// How often each candidate runs to be measured: at least, and at most.
    var measuredRuns: ClosedRange<Int> { get }
    /// The share of right answers to expect of each of a candidate's stages, as bundles say; one for who answers once.
    func expectedAccuracies(of candidate: Int) -> [Double]
    /// Fills a candidate's input with something of size 1, for measuring.
    func loadForMeasuring(_ candidate: Int)
    /// Runs a candidate on what was loaded, all its stages, and says when each had answered, from the beginning.
    func measure(_ candidate: Int) throws -> [Duration]
    /// The share of a candidate's time, at size 1, that grows with the size.
    func growth(of candidate: Int, time: Duration) throws -> Double
    /// Unloads all but these candidates, which keep their order; indices count anew from then on.
    func keep(_ kept: [Int])
}
