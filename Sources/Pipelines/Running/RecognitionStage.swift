import Alert
import Media
import Units

/// What one kind of stream needs done to its samples between the queue and the sinks.
///
/// Everything but `result` is called by the lane's recognising thread, for one sample at a time: `plan` first, then
/// either `giveUp` or `load`, `infer` and `answer`, and `wasEmitted` last.
protocol RecognitionStage: AnyObject {
    /// What a sample holds.
    associatedtype Payload: Sendable

    /// From one sample to the next, as far as that is known: how far idle energy is counted.
    var interval: Duration { get }
    /// Whether samples have one size, so that how long the quickest recogniser needs is known before one is looked at.
    var hasUniformSamples: Bool { get }

    /// A sample's result before anything is recognised: all that the sample itself says.
    static func result(of sample: Sample<Payload>, outcome: Outcome, reason: String) -> SampleResult

    /// The candidates that can run now.
    var ready: CandidateSet { get }
    /// Which processors are lost, and why; nil while all are well.
    var losses: String? { get }

    /// The processors in the order in which the pipeline names them: what fails over goes to the next. Empty where it
    /// names none.
    var processorOrder: [String] { get }

    /// A candidate failed because of its processor: none that needs it is ready until it works again.
    ///
    /// - Returns: Whether others may go on; false where the processor cannot be lost.
    func lose(_ candidate: Int, because reason: String) -> Bool

    /// Takes in how much slower than profiled the machine is: what is worth loading depends on it.
    func note(slowdown: Double)

    /// What is to be chosen for a sample at `now`, if anything.
    func plan(_ sample: Sample<Payload>, at now: MonotonicTime) -> SamplePlan

    /// Converts a sample into the input of a candidate.
    func load(_ sample: Sample<Payload>, for candidate: Int) throws

    /// Runs a candidate on what was loaded; one that answers in stages within a limit, unless that is nil.
    func infer(with candidate: Int, within limit: StageLimit?) throws -> Inference

    /// Writes what the candidate answered into the sample's result: after the last stage that the inference says was
    /// done. `predicted` is the time it was expected to take.
    func answer(
        of candidate: Int, after inference: Inference, predicted: Duration, into result: inout SampleResult)

    /// A sample gets no answer: it expired or failed, as its result says.
    func giveUp(_ sample: Sample<Payload>, into result: inout SampleResult)

    /// A result is out; `latency` is nil where nothing was recognised.
    func wasEmitted(_ result: SampleResult, latency: Duration?)
}

/// What a stage wants done with a sample.
enum SamplePlan {
    /// A candidate is to be chosen.
    case choose(Choice)
    /// Nothing is to be recognised; this is the sample's result.
    case settled(SampleResult)

    /// What the ALERT stage is asked.
    struct Choice {
        /// From capture, where it differs from the sample's own.
        var deadline: Duration?
        /// The sample's size, relative to the one profiled.
        var size = 1.0
        /// What may be chosen; all when nil.
        var candidates: Range<Int>?
        /// What may be chosen where none of these is ready.
        var others: Range<Int>?
        /// Whether even a late answer is wanted.
        var mustAnswer = false
        /// The share of the time left that is kept in reserve.
        var reserve = 0.0
        /// The candidate whose answer to an earlier sample is one to this sample too: it stands where nobody is likely
        /// to give a better one in time. The stage's `answer` gives it when no inference was made.
        var standing: Int?
    }
}

/// How long recognising took.
struct Inference {
    /// From the loaded input to the answer.
    var time: Duration
    /// How often the recogniser ran: the first time on the whole input, then on parts of it.
    var runs = 1
    /// How sure the recogniser is of its answer, 0…1, where it tells.
    var confidence: Double?
    /// When each stage that was done had answered, from the loaded input; none for speech.
    var stageTimes: [Duration] = []
    /// Whether the last of these stages was sure enough of its answer for none to follow.
    var endedSure = false

    /// Whether the work was what was profiled, so that its time tells how fast the machine is.
    var isTypical: Bool { runs == 1 }

    /// Why no more of so many stages gave an answer, to be added to a reason; empty where all did.
    func ending(of stages: Int) -> String {
        let done = stageTimes.count
        guard (1..<stages).contains(done) else { return "" }
        if endedSure { return "; stage \(done) was sure enough" }
        // Until it was stopped the next one took its time.
        let wasBegun = time - (stageTimes.last ?? .zero) > .milliseconds(0.1)
        return wasBegun ? "; stage \(done + 1) was stopped for the deadline" : "; too late to begin stage \(done + 1)"
    }
}
