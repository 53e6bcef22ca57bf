import Machine
import Media
import Pipelines
import Traces
import Units

/// The samples of a recording of which the right answer is known, one after the other, for every candidate.
protocol TracedSamples: AnyObject {
    /// What recognises them.
    var recognizers: any MeasurableCandidates { get }
    /// About how many there are; nil where that is not known.
    var count: Int? { get }
    /// The seconds from one sample to the next; nil where they do not come at a rate.
    var interval: Double? { get }
    /// What was left out so far, in words; empty where nothing was.
    var omissions: [String] { get }

    /// Goes to the next sample.
    ///
    /// - Returns: Its size, relative to the one profiled; nil after the last.
    func next() throws -> Double?

    /// Prepares the sample for a candidate, recognises it, and says what went before, what each stage took and how good
    /// its answer is.
    ///
    /// - Parameter idlePower: What the machine draws while it waits.
    func recognize(
        with candidate: Int, idlePower: Watts, meter: any EnergyMeter
    ) throws -> (preparation: Trace.Preparation, answers: [Trace.Answer])
}

extension TracedSamples {
    /// Runs some work and tells what it took.
    func measured<Value>(
        _ meter: any EnergyMeter, _ work: () throws -> Value
    ) rethrows -> (value: Value, time: Double, energy: Double) {
        let energy = meter.read()
        let start = MonotonicTime.now()
        let value = try work()
        let time = MonotonicTime.now() - start
        return (value, time.seconds, max(0, (meter.read() - energy).value))
    }
}
