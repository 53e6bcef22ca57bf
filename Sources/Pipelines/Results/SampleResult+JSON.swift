import Alert
import Captions
import Media
import Recognition
import Recordings
import Units

extension SampleResult {
    /// Writes the result as one line; docs/results.md explains the keys.
    func write(to line: inout JSONLine) {
        line.reset()
        line.object { line in
            line.field("stream", stream.rawValue)
            line.field("sequence", sequence)
            if let count { line.field("count", count) }
            line.field("file", file)
            line.field("captured_ns", capturedNanoseconds)
            line.field("arrival_ms", arrivalMilliseconds)
            line.field("time_quality", timeQuality.rawValue)
            line.field("deadline_ms", deadlineMilliseconds)
            line.field("outcome", outcome.rawValue)
            line.field("label", label)
            line.field("score", score)
            if let top {
                line.array("top") { line in
                    for answer in top {
                        line.object { line in
                            line.field("class", answer.classIndex)
                            line.field("label", answer.label)
                            line.field("score", answer.score)
                        }
                    }
                }
            }
            if let truth {
                line.object("truth") { line in
                    line.field("class", truth.classIndex)
                    line.field("name", truth.name)
                }
            }
            speech?.write(to: &line)
            line.field("candidate", candidate)
            if let stage { line.field("stage", stage) }
            if let stages { line.field("stages", stages) }
            line.field("fallback", fallback)
            if failedOver { line.field("failed_over", true) }
            line.field("waited_ms", waitedMilliseconds)
            if isBeside { line.field("beside", true) }
            line.field("predicted_ms", predictedMilliseconds)
            line.field("predicted_probability", predictedProbability)
            line.field("inference_ms", inferenceMilliseconds)
            line.field("latency_ms", latencyMilliseconds)
            line.field("scheduler_us", schedulerMicroseconds)
            line.field("slowdown", slowdown)
            line.field("energy_j", energyJoules)
            line.field("energy_source", energySource)
            line.field("rule", rule?.rawValue)
            line.field("reason", reason)
        }
        line.end()
    }
}

extension SpeechResult {
    /// Writes what was heard among the fields of its sample; times in seconds.
    fileprivate func write(to line: inout JSONLine) {
        func seconds(_ time: Duration) -> Double { time.seconds.rounded(decimals: 3) }
        line.field("kind", kind.rawValue)
        line.field("utterance", utterance)
        line.field("start", seconds(start))
        line.field("end", seconds(end))
        line.field("heard", seconds(heard))
        if !committed.isEmpty {
            line.array("committed") { line in
                for word in committed {
                    line.object { line in
                        line.field("text", word.text)
                        line.field("start", seconds(word.start))
                        line.field("end", seconds(word.end))
                        line.field("approximate", word.isApproximate)
                    }
                }
            }
        }
        line.field("unconfirmed", unconfirmed.isEmpty ? nil : unconfirmed.text)
        line.field("text", text)
        line.field("gate", gate?.rawValue)
        line.field("rejected", rejected)
        line.field("hop_ms", hop?.milliseconds.rounded(decimals: 1))
        line.field("backlog", backlog?.description)
    }
}
