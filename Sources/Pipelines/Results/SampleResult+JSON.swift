import Alert
import Media
import Recognition
import Recordings

extension SampleResult {
    /// Writes the result as one line; docs/results.md explains the keys.
    func write(to line: inout JSONLine) {
        line.reset()
        line.object { line in
            line.field("sequence", sequence)
            line.field("file", file)
            line.field("captured_ns", capturedNanoseconds)
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
            line.field("candidate", candidate)
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
