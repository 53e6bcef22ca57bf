import Plots

extension BenchResults {
    /// A table of one objective: a heading, then the oracles and each policy. Shares are relative, such as `1.02`.
    ///
    /// - Parameters:
    ///   - environment: `all`, or one of them.
    ///   - timings: adds a column, whose figures differ from run to run.
    public func table(
        _ objective: TraceGoals.Objective, environment: String = "all", timings: BenchTimings? = nil
    ) -> [[String]] {
        let figure = objective == .energy ? "energy" : "error"
        let hasRivals = policies.contains { $0 == "app-only" || $0 == "sys-only" }
        var rows = [
            ["policy", "\(figure) ×static", "×oracle"] + (hasRivals ? ["×one layer"] : [])
                + ["goals violated", "95 % kept"] + (timings == nil ? [] : ["µs a decision"])
        ]
        let only = environments.count == 1 ? environments[0].name : environment
        for policy in Self.oracles + policies {
            guard let summary = summary(policy, objective, environment: only) else { continue }
            func ratio(_ value: Double?) -> String { value.map { $0.fixed(3) } ?? "–" }
            var row = [policy, ratio(summary.toStatic), ratio(summary.toOracle)]
            if hasRivals { row.append(ratio(summary.toOneLayer)) }
            row.append("\(summary.violated) of \(summary.goals)")
            row.append(kept(policy, only))
            if let timings { row.append(timings.microseconds[policy].map { $0.fixed(1) } ?? "–") }
            rows.append(row)
        }
        return rows
    }

    /// The shares of 95 % promises kept: one environment's, or the least and the most of all.
    private func kept(_ policy: String, _ environment: String) -> String {
        let wanted = environment == "all" ? environments.map(\.name) : [environment]
        let shares = wanted.compactMap { keptOf95(policy, environment: $0) }
        guard let least = shares.min(), let most = shares.max() else { return "–" }
        let (from, to) = ((least * 100).fixed(1), (most * 100).fixed(1))
        return from == to ? from : "\(from)–\(to)"
    }
}
