import Alert
import Foundation
import Media
import Units

extension Summary {
    /// The summary as a table for people.
    public var table: String {
        let title =
            "\(name.map { "\($0): " } ?? "")\(sources): \(samples) sample\(samples == 1 ? "" : "s") in "
            + "\(rounded(seconds)) s (\(pace)\(seed.map { ", seed \($0)" } ?? ""))"
        let fallbackRows = fallback.map { [("left out", $0)] } ?? []
        let parts = energy.bySource.count < 2 ? energy.source : energy.parts
        let joules =
            "\(rounded(energy.total)) J, \(rounded(energy.perSample)) J a sample (\(parts))"
            + (energy.budget.map { "   \(rounded(energy.power)) W of a budget of \(rounded($0)) W" } ?? "")
        guard streams.count > 1 else {
            let rows = (streams.first?.summary.rows ?? []) + deviceRows + fallbackRows + [("energy", joules)] + sinkRows
            let goal = streams.first.map { ", \($0.summary.goal)" } ?? ""
            return ([title + goal] + Self.aligned(rows) + (streams.first?.summary.candidateLines ?? []))
                .joined(separator: "\n")
        }
        let blocks = streams.map { name, stream in
            ["\(name.rawValue): \(stream.samples) samples, \(stream.goal)"] + Self.aligned(stream.rows)
                + stream.candidateLines
        }
        let common = deviceRows + fallbackRows + [("energy", joules)] + sinkRows
        return ([title] + blocks.flatMap { $0 } + ["all"] + Self.aligned(common)).joined(separator: "\n")
    }

    /// What was replayed, watched and listened to.
    public var sources: String {
        [recording, camera?.device, microphone?.device].compactMap { $0 }.joined(separator: " and ")
    }

    /// What is to be said of the devices, a row each.
    private var deviceRows: [(String, String)] {
        var rows: [(String, String)] = []
        if let camera {
            let rate = camera.rate.map { "   \($0.formatted(decimals: 1)) frames/s came" } ?? ""
            rows.append(("camera", "\(camera.mode)\(rate)   thread: \(camera.priority)"))
        }
        if let microphone {
            let drift = microphone.drift.map { drift in
                let error = microphone.driftUncertainty.map { " ± \(Int($0.rounded(.up)))" } ?? ""
                let sign = drift > 0 ? "+" : ""
                return "   clock \(sign)\(Int(drift.rounded()))\(error) ppm"
            }
            let priority = microphone.priority.map { "   thread: \($0)" } ?? ""
            rows.append(("microphone", "\(microphone.format)\(drift ?? "")\(priority)"))
        }
        return rows
    }

    /// What became of the results that were sent somewhere, a row for each sink.
    private var sinkRows: [(String, String)] {
        sinks.map { sink in
            let waiting = sink.waiting > 0 ? "   waiting \(sink.waiting)" : ""
            return (
                "sink \(sink.name)",
                "sent \(sink.sent)\(waiting)\(sink.dropped > 0 ? "   dropped \(sink.dropped)" : "")"
            )
        }
    }

    private static func aligned(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  \($0.0.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.1)" }
    }
}

extension Summary.Energy {
    /// What each source counted, such as `rapl 12.3 J, nvml 45.6 J`.
    fileprivate var parts: String {
        bySource.sorted { $0.key < $1.key }.map { "\($0.key) \(rounded($0.value)) J" }.joined(separator: ", ")
    }
}

extension StreamSummary {
    /// What was asked for, and of whom.
    fileprivate var goal: String { "deadline \(Duration.seconds(deadline * 1e-3).words), policy \(policy)" }

    /// The figures, each with its name.
    fileprivate var rows: [(String, String)] {
        var rows = [("outcomes", Outcome.allCases.map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: "   "))]
        if outcomes[.met] + outcomes[.late] > 0 {
            rows.append(
                ("latency", times(["p50": latency.p50, "p95": latency.p95, "p99": latency.p99, "max": latency.max])))
            rows.append(("without inference", times(["p50": overhead.p50, "p95": overhead.p95, "p99": overhead.p99])))
        }
        if !rules.isEmpty {
            rows.append(("scheduler", "p50 \(rounded(scheduler.p50)) µs   p99 \(rounded(scheduler.p99)) µs"))
        }
        if waited != nil || beside != nil {
            rows.append(("shared cores", "waited \(waited ?? 0)   ran beside the other stream \(beside ?? 0)"))
        }
        if let accuracy {
            rows.append(
                (
                    "accuracy",
                    "top-1 \(percent(accuracy.top1))   top-5 \(percent(accuracy.top5)) of \(accuracy.labelled) "
                        + "labelled answers   right and in time \(percent(accuracy.inTime))"
                ))
        }
        return rows + (speech.map { speechRows($0) } ?? []) + compromises.map { ("goal", $0) }
    }

    private func speechRows(_ speech: Speech) -> [(String, String)] {
        let gaps = speech.gapSeconds > 0 ? "   not transcribed \(rounded(speech.gapSeconds)) s" : ""
        var rows = [
            ("speech", "\(rounded(speech.seconds)) s   real-time factor \(rounded(speech.realTimeFactor))\(gaps)")
        ]
        if speech.seconds > 0 {
            let lags: KeyValuePairs = [
                "first words": speech.lag.firstPartial, "committed": speech.lag.committed, "final": speech.lag.final,
            ]
            let words = lags.map { "\($0) \(seconds($1.p50)) (p95 \(seconds($1.p95)))" }
            rows.append(("behind the words", words.joined(separator: "   ")))
        }
        if let errors = speech.wordErrors {
            rows.append(("word error rate", "\(percent(errors.value)) of \(errors.words) words"))
        }
        return rows
    }

    private func seconds(_ milliseconds: Double) -> String { "\((milliseconds / 1000).formatted(decimals: 2)) s" }

    /// What gave way, where the goal could not be had.
    private var compromises: [String] {
        let words: KeyValuePairs<Decision.Rule, String> = [
            .energyPriced: "a more accurate candidate was not worth its energy under the energy budget",
            .energyRelaxed: "no candidate was in time within the energy bound: the most accurate one was chosen",
            .confidenceRelaxed:
                "nothing was as sure as wanted to keep every bound: the likeliest to was chosen",
            .accuracyRelaxed: "no candidate was in time and accurate enough: the most accurate one in time was chosen",
            .deadlineUnlikely: "no candidate was likely enough to be in time: the likeliest was chosen",
        ]
        return words.compactMap { rule, words in
            rules[rule.rawValue].map { "for \($0) of \(samples): \(words)" }
        }
    }

    private func times(_ values: KeyValuePairs<String, Double>) -> String {
        values.map { "\($0) \(rounded($1)) ms" }.joined(separator: "   ")
    }

    /// One line a candidate, most chosen first, with a bar.
    fileprivate var candidateLines: [String] {
        guard let most = candidates.values.max() else { return [] }
        let width = candidates.keys.map(\.count).max() ?? 0
        let chosen = candidates.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ["  chosen"]
            + chosen.map { name, count in
                let bar = String(repeating: "█", count: max(1, count * 30 / most))
                let number = String(count)
                let padding = String(repeating: " ", count: max(0, 7 - number.count))
                return "    \(name.padding(toLength: width, withPad: " ", startingAt: 0))\(padding)\(number)  \(bar)"
            }
    }

    private func percent(_ value: Double) -> String { "\((value * 100).formatted(decimals: 1)) %" }
}
