import Alert
import Media
import Units

/// Gathers what the summary tells of a stream, one sample at a time, in bounded memory.
struct Tally {
    private(set) var outcomes = OutcomeCounts()
    private(set) var candidates: [String: Int] = [:]
    private(set) var rules: [String: Int] = [:]
    private(set) var failovers = 0
    private(set) var waits = 0
    private(set) var besides = 0
    private(set) var latency = TimeHistogram()
    private(set) var overhead = TimeHistogram()
    private(set) var scheduler = TimeHistogram()
    private(set) var labels = LabelTally()
    /// Present when the stream is speech.
    private(set) var speech: SpeechTally?

    init(speech: SpeechTally? = nil) { self.speech = speech }

    /// Counts one result; `latency` reaches from the sensor to the result written.
    mutating func record(_ result: SampleResult, latency: Duration? = nil, inference: Duration? = nil) {
        outcomes[result.outcome] += result.count ?? 1
        if let microseconds = result.schedulerMicroseconds { scheduler.record(.seconds(microseconds * 1e-6)) }
        if let candidate = result.candidate { candidates[candidate, default: 0] += 1 }
        if result.failedOver { failovers += 1 }
        if result.waitedMilliseconds != nil { waits += 1 }
        if result.isBeside { besides += 1 }
        if let rule = result.rule { rules[rule.rawValue, default: 0] += 1 }
        if let latency, let inference {
            self.latency.record(latency)
            overhead.record(latency - inference)
        }
        if let heard = result.speech { speech?.record(heard, latency: latency, inference: inference) }
        labels.record(result)
    }
}

/// How many labelled samples were recognised rightly.
struct LabelTally {
    private(set) var labelled = 0
    private(set) var answered = 0
    private(set) var right = 0
    private(set) var rightInFive = 0
    private(set) var rightInTime = 0

    mutating func record(_ result: SampleResult) {
        if result.truth != nil { labelled += 1 }
        guard let isRight = result.isRight, let isRightInFive = result.isRightInFive else { return }
        answered += 1
        if isRight { right += 1 }
        if isRightInFive { rightInFive += 1 }
        if isRight, result.outcome == .met { rightInTime += 1 }
    }
}
