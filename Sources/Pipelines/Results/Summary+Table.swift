import Alert
import Foundation
import Media
import Units

extension Summary {
    /// The summary as a table for people.
    public var table: String {
        var rows = [("outcomes", Outcome.allCases.map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: "   "))]
        if outcomes[.met] + outcomes[.late] > 0 {
            rows.append(
                ("latency", times(["p50": latency.p50, "p95": latency.p95, "p99": latency.p99, "max": latency.max])))
            rows.append(("without inference", times(["p50": overhead.p50, "p95": overhead.p95, "p99": overhead.p99])))
        }
        if !rules.isEmpty {
            rows.append(("scheduler", "p50 \(rounded(scheduler.p50)) µs   p99 \(rounded(scheduler.p99)) µs"))
        }
        if let accuracy {
            rows.append(
                (
                    "accuracy",
                    "top-1 \(percent(accuracy.top1))   top-5 \(percent(accuracy.top5)) of \(accuracy.labelled) labelled "
                        + "answers   right and in time \(percent(accuracy.inTime))"
                ))
        }
        rows.append(
            ("energy", "\(rounded(energy.total)) J, \(rounded(energy.perSample)) J a sample (\(energy.source))"))
        rows += compromises.map { ("goal", $0) }
        let title =
            "\(name.map { "\($0): " } ?? "")\(recording): \(samples) sample\(samples == 1 ? "" : "s") in "
            + "\(rounded(seconds)) s (\(pace)), deadline \(Duration.seconds(deadline * 1e-3).words), policy \(policy)"
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { "  \($0.0.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.1)" }
        return ([title] + lines + candidateLines).joined(separator: "\n")
    }

    /// What gave way, where the goal could not be had.
    private var compromises: [String] {
        let words: KeyValuePairs<Decision.Rule, String> = [
            .energyRelaxed: "no candidate was in time within the energy bound: the most accurate one was chosen",
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
    private var candidateLines: [String] {
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
