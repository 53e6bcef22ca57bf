import Foundation
import Media

extension Summary {
    /// The summary as a table for people.
    public var table: String {
        var rows: [(String, String)] = []
        rows.append(
            ("outcomes", Outcome.allCases.map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: "   ")))
        rows.append(
            (
                "latency",
                "p50 \(ms(latency.p50))   p95 \(ms(latency.p95))   p99 \(ms(latency.p99))   max \(ms(latency.max))"
            ))
        rows.append(
            ("without inference", "p50 \(ms(overhead.p50))   p95 \(ms(overhead.p95))   p99 \(ms(overhead.p99))"))
        rows.append(("scheduler", "p50 \(rounded(scheduler.p50)) µs   p99 \(rounded(scheduler.p99)) µs"))
        if let accuracy {
            let text =
                "top-1 \(percent(accuracy.top1))   top-5 \(percent(accuracy.top5)) of \(accuracy.labelled) labelled answers;"
                + " right and in time \(percent(accuracy.inTime))"
            rows.append(("accuracy", text))
        }
        rows.append(
            ("energy", "\(rounded(energy.total)) J, \(rounded(energy.perSample)) J a sample (\(energy.source))"))
        let title =
            "\(recording): \(samples) samples in \(rounded(seconds)) s (\(pace)), deadline \(rounded(deadline)) ms, policy \(policy)"
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { "  \($0.0.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.1)" }
        return ([title] + lines + candidateLines).joined(separator: "\n")
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

    private func ms(_ value: Double) -> String { "\(rounded(value)) ms" }
    private func percent(_ value: Double) -> String { "\((value * 100).formatted(decimals: 1)) %" }
}
