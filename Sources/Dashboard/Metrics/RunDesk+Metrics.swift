import Alert
import Machine
import Media
import Pipelines
import Units

extension RunDesk {
    /// All figures in Prometheus' text format.
    func metrics(viewers: ViewerCounts) -> String {
        var text = MetricsText()
        text.metric("info", .gauge, "What runs.")
        text.sample("info", ["version": version, "name": run?.name ?? ""], 1)
        text.metric("running", .gauge, "1 while samples are recognised.")
        text.sample("running", isRunning ? 1 : 0)
        text.metric("process_cpu_seconds_total", .counter, "Processor time of all of heed.")
        text.sample("process_cpu_seconds_total", ProcessorTime.process().seconds)
        writeStreams(to: &text)
        writeQueues(to: &text)
        text.metric("page_viewers", .gauge, "Open event streams.")
        text.sample("page_viewers", viewers.now)
        text.metric("page_viewers_dropped_total", .counter, "Viewers that read nothing and were dropped.")
        text.sample("page_viewers_dropped_total", viewers.dropped)
        text.metric("page_events_skipped_total", .counter, "Events that viewers were too slow for.")
        text.sample("page_events_skipped_total", viewers.skipped)
        return text.text
    }

    private func writeStreams(to text: inout MetricsText) {
        let streams = book.read().sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, $0.value) }
        text.metric("samples_total", .counter, "Samples sensed, by what became of them.")
        for (name, figures) in streams {
            for outcome in Outcome.allCases {
                text.sample(
                    "samples_total", ["stream": name, "outcome": outcome.rawValue], figures.outcomes[outcome])
            }
        }
        text.metric("latency_seconds", .histogram, "From the sensor to the result, of answered samples.")
        for (name, figures) in streams { text.histogram("latency_seconds", stream: name, figures.latencyBuckets) }
        text.metric("inference_seconds", .histogram, "Inference, of answered samples.")
        for (name, figures) in streams { text.histogram("inference_seconds", stream: name, figures.inferenceBuckets) }
        text.metric("decisions_total", .counter, "Samples by the candidate that was chosen.")
        for (name, figures) in streams {
            for (candidate, count) in figures.decisions.sorted(by: { $0.key < $1.key }) {
                text.sample("decisions_total", ["stream": name, "candidate": candidate], count)
            }
        }
        text.metric("rules_total", .counter, "Samples by what the choice rested on.")
        for (name, figures) in streams {
            for (rule, count) in figures.rules.sorted(by: { $0.key < $1.key }) {
                text.sample("rules_total", ["stream": name, "rule": rule], count)
            }
        }
        text.metric("energy_joules_total", .counter, "Energy of answered samples, by where the figure comes from.")
        for (name, figures) in streams {
            for (source, joules) in figures.energy.sorted(by: { $0.key < $1.key }) {
                text.sample("energy_joules_total", ["stream": name, "source": source], joules)
            }
        }
        text.metric("gaps_total", .counter, "Stretches of sound that were not transcribed.")
        for (name, figures) in streams { text.sample("gaps_total", ["stream": name], figures.gaps.count) }
        text.metric("gap_seconds_total", .counter, "Sound that was not transcribed.")
        for (name, figures) in streams { text.sample("gap_seconds_total", ["stream": name], figures.gaps.seconds) }
    }

    private func writeQueues(to text: inout MetricsText) {
        let streams = controls?.streams ?? []
        text.metric("deadline_seconds", .gauge, "The deadline from the sensor to the result.")
        for stream in streams { text.sample("deadline_seconds", stream.labels, stream.goal.deadline.seconds) }
        text.metric("slowdown", .gauge, "How much slower than profiled the machine is held to be.")
        for stream in streams { text.sample("slowdown", stream.labels, stream.slowdown.mean) }
        text.metric("slowdown_deviation", .gauge, "The standard deviation of that.")
        for stream in streams {
            text.sample("slowdown_deviation", stream.labels, stream.slowdown.standardDeviation)
        }
        text.metric("queue_depth", .gauge, "Samples that wait to be recognised.")
        for stream in streams { text.sample("queue_depth", stream.labels, stream.queueDepth) }
        text.metric("queue_capacity", .gauge, "Samples that may wait to be recognised.")
        for stream in streams { text.sample("queue_capacity", stream.labels, stream.queueCapacity) }
        text.metric("reconnects_total", .counter, "How often a device was away and came back.")
        for stream in streams { text.sample("reconnects_total", stream.labels, stream.reconnects) }
    }
}

extension StreamControls {
    fileprivate var labels: KeyValuePairs<String, String> { ["stream": stream.rawValue] }
}
