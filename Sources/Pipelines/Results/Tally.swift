import Media
import Units

/// Gathers what the summary tells, one sample at a time, in bounded memory.
struct Tally {
    private(set) var outcomes = OutcomeCounts()
    private(set) var candidates: [String: Int] = [:]
    private var latency = TimeHistogram()
    private var overhead = TimeHistogram()
    private var scheduler = TimeHistogram()
    private var labelled = 0
    private var answeredAndLabelled = 0
    private var right = 0
    private var rightInFive = 0
    private var rightInTime = 0

    /// Counts one result; `latency` reaches from the sensor to the result written.
    mutating func record(_ result: SampleResult, latency: Duration, inference: Duration?, scheduler: Duration?) {
        outcomes[result.outcome] += 1
        if let scheduler { self.scheduler.record(scheduler) }
        if let candidate = result.candidate { candidates[candidate, default: 0] += 1 }
        if let inference {
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

    /// Latency so far at `percentile` percent, for the status line.
    func latency(percentile: Double) -> Duration { latency.value(percentile: percentile) }

    /// The summary of all that was counted.
    func summary(
        recording: String, pace: PipelineConfiguration.Pace, policy: String, deadline: Duration, elapsed: Duration,
        energy: Joules, energySource: String
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
            recording: recording,
            pace: pace.rawValue,
            policy: policy,
            deadline: deadline.milliseconds,
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
            candidates: candidates)
    }
}
