import Alert
import Media
import Recordings
import Units

/// Gathers what the summary tells, one sample at a time, in bounded memory.
struct Tally {
    private var outcomes = OutcomeCounts()
    private var candidates: [String: Int] = [:]
    private var rules: [String: Int] = [:]
    private var latency = TimeHistogram()
    private var overhead = TimeHistogram()
    private var scheduler = TimeHistogram()
    private var labelled = 0
    private var answeredAndLabelled = 0
    private var right = 0
    private var rightInFive = 0
    private var rightInTime = 0

    /// Counts one result; `latency` reaches from the sensor to the result written.
    mutating func record(_ result: SampleResult, latency: Duration? = nil, inference: Duration? = nil) {
        outcomes[result.outcome] += 1
        if let microseconds = result.schedulerMicroseconds { scheduler.record(.seconds(microseconds * 1e-6)) }
        if let candidate = result.candidate { candidates[candidate, default: 0] += 1 }
        if let rule = result.rule { rules[rule.rawValue, default: 0] += 1 }
        if let latency, let inference {
            self.latency.record(latency)
            overhead.record(latency - inference)
        }
        if result.truth != nil { labelled += 1 }
        guard let isRight = result.isRight, let isRightInFive = result.isRightInFive else { return }
        answeredAndLabelled += 1
        if isRight { right += 1 }
        if isRightInFive { rightInFive += 1 }
        if isRight, result.outcome == .met { rightInTime += 1 }
    }

    /// The summary of all that was counted.
    func summary(
        configuration: PipelineConfiguration, recording: RecordingInfo, policy: String, deadline: Duration,
        elapsed: Duration, energy: Joules, energySource: String
    ) -> Summary {
        let samples = outcomes.total
        let milliseconds = { (histogram: TimeHistogram, percentile: Double) in
            histogram.value(percentile: percentile).milliseconds.rounded(decimals: 4)
        }
        let microseconds = { (percentile: Double) in
            scheduler.value(percentile: percentile).microseconds.rounded(decimals: 3)
        }
        let share = { (count: Int, all: Int) in all == 0 ? 0 : Double(count) / Double(all) }
        return Summary(
            name: configuration.name,
            recording: recording.path,
            pace: configuration.recording.pace.rawValue,
            policy: policy,
            deadline: deadline.milliseconds.rounded(decimals: 6),
            seconds: elapsed.seconds.rounded(decimals: 3),
            samples: samples,
            outcomes: outcomes,
            latency: .init(
                p50: milliseconds(latency, 50), p95: milliseconds(latency, 95), p99: milliseconds(latency, 99),
                max: latency.maximum.milliseconds.rounded(decimals: 4)),
            overhead: .init(
                p50: milliseconds(overhead, 50), p95: milliseconds(overhead, 95), p99: milliseconds(overhead, 99)),
            scheduler: .init(p50: microseconds(50), p99: microseconds(99)),
            accuracy: labelled == 0
                ? nil
                : .init(
                    top1: share(right, answeredAndLabelled), top5: share(rightInFive, answeredAndLabelled),
                    labelled: answeredAndLabelled, inTime: share(rightInTime, labelled)),
            energy: .init(
                total: energy.value.rounded(decimals: 4),
                perSample: (samples == 0 ? 0 : energy.value / Double(samples)).rounded(decimals: 5),
                source: energySource),
            candidates: candidates,
            rules: rules)
    }
}
