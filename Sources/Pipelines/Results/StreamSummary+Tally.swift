import Captions
import Media
import Units

extension StreamSummary {
    /// What was counted, as a summary; `reference` is the text that was said, where it is known.
    init(_ tally: Tally, policy: String, deadline: Duration, reference: String?) {
        func milliseconds(_ histogram: TimeHistogram, _ percentile: Double) -> Double {
            histogram.value(percentile: percentile).milliseconds.rounded(decimals: 4)
        }
        func share(_ count: Int, _ all: Int) -> Double { all == 0 ? 0 : Double(count) / Double(all) }
        let (latency, overhead, scheduler, labels) = (tally.latency, tally.overhead, tally.scheduler, tally.labels)
        self.init(
            policy: policy,
            deadline: deadline.milliseconds.rounded(decimals: 6),
            samples: tally.outcomes.total,
            outcomes: tally.outcomes,
            latency: .init(
                p50: milliseconds(latency, 50), p95: milliseconds(latency, 95), p99: milliseconds(latency, 99),
                max: latency.maximum.milliseconds.rounded(decimals: 4)),
            overhead: .init(
                p50: milliseconds(overhead, 50), p95: milliseconds(overhead, 95), p99: milliseconds(overhead, 99)),
            scheduler: .init(
                p50: scheduler.value(percentile: 50).microseconds.rounded(decimals: 3),
                p99: scheduler.value(percentile: 99).microseconds.rounded(decimals: 3)),
            accuracy: labels.labelled == 0
                ? nil
                : .init(
                    top1: share(labels.right, labels.answered), top5: share(labels.rightInFive, labels.answered),
                    labelled: labels.answered, inTime: share(labels.rightInTime, labels.labelled)),
            candidates: tally.candidates,
            rules: tally.rules,
            failovers: tally.failovers == 0 ? nil : tally.failovers,
            waited: tally.waits == 0 ? nil : tally.waits,
            beside: tally.besides == 0 ? nil : tally.besides,
            speech: tally.speech.map { Speech($0, reference: reference) })
    }
}

extension StreamSummary.Speech {
    fileprivate init(_ tally: SpeechTally, reference: String?) {
        func percentiles(_ histogram: TimeHistogram) -> StreamSummary.Lag.Percentiles {
            .init(
                p50: histogram.value(percentile: 50).milliseconds.rounded(decimals: 1),
                p95: histogram.value(percentile: 95).milliseconds.rounded(decimals: 1))
        }
        let seconds = tally.speech.seconds
        self.init(
            wordErrors: reference.flatMap { reference in
                let rate = WordErrorRate(reference: reference, transcript: tally.text)
                return rate.value.map { .init(value: $0.rounded(decimals: 4), words: rate.words) }
            },
            lag: .init(
                firstPartial: percentiles(tally.firstPartial), committed: percentiles(tally.committed),
                final: percentiles(tally.final)),
            seconds: seconds.rounded(decimals: 3),
            gapSeconds: tally.gaps.seconds.rounded(decimals: 3),
            realTimeFactor: (seconds > 0 ? tally.inference.seconds / seconds : 0).rounded(decimals: 4))
    }
}
