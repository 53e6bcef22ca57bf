import Plots

extension BenchResults {
    /// The plots, each with the name of its file; for each environment one of a kind.
    public func plots() -> [(name: String, svg: String)] {
        environments.enumerated().flatMap { index, environment in
            let name = Self.fileName(environment.name, at: index)
            return [
                energyAgainstError(environment).map { ("energy-error-\(name)", $0.svg()) },
                timeline(environment).map { ("timeline-\(name)", $0.svg()) },
                calibration(environment).map { ("calibration-\(name)", $0.svg()) },
            ].compactMap { $0.map { (name: $0.0, svg: $0.1) } }
        }
    }

    /// An environment's name as part of a file's; a trace may call its environment anything.
    static func fileName(_ name: String, at index: Int) -> String {
        let allowed = name.unicodeScalars.prefix(40).filter {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_. ".unicodeScalars.contains($0)
        }
        let kept = String(String.UnicodeScalarView(allowed))
        // Two that differ in what was left out are still two.
        return kept == name ? name : "\(kept)-\(index + 1)"
    }

    /// Those worth a colour: the first, and what people compare with.
    private var shown: [String] {
        let wanted = [policies.first, "alert", "alert-paper", "app-only", "sys-only", "no-coordination"].compactMap(
            \.self)
        var shown: [String] = []
        for name in wanted + policies where policies.contains(name) && !shown.contains(name) && shown.count < 6 {
            shown.append(name)
        }
        return shown
    }

    private func color(_ policy: String) -> Int { (shown.firstIndex(of: policy) ?? 0) + 2 }

    private func badge(_ environment: Environment) -> String { "\(environment.origin.rawValue), \(environment.name)" }

    /// Energy against error over the goals of the middle deadline, and the oracle's frontier.
    private func energyAgainstError(_ environment: Environment) -> Plot? {
        let own = goals.filter { $0.environment == environment.name }
        let deadlines = Set(own.map(\.deadline)).sorted()
        guard let deadline = deadlines.isEmpty ? nil : deadlines[deadlines.count / 2] else { return nil }
        let same = own.filter { $0.deadline == deadline }
        func points(_ policy: String) -> [(x: Double, y: Double)] {
            same.compactMap { goal in goal.scores[policy].map { (x: $0.energy, y: $0.error * 100) } }
        }
        let reached = points(Self.oracle).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        var frontier: [(x: Double, y: Double)] = []
        for point in reached where point.y < frontier.last?.y ?? .infinity { frontier.append(point) }
        // What lies far from the frontier would press all the rest into a corner.
        let most = (x: (reached.map(\.x).max() ?? 0) * 1.4, y: (reached.map(\.y).max() ?? 0) * 1.6)
        func near(_ name: String, _ points: [(x: Double, y: Double)], color: Int) -> Plot.Series {
            let shown = points.filter { $0.x <= most.x && $0.y <= most.y }
            let beyond = points.count - shown.count
            return .init(name: beyond > 0 ? "\(name) (\(beyond) beyond)" : name, color: color, points: shown)
        }
        var series = [
            Plot.Series(name: "oracle", color: 0, points: frontier, isLine: true, hasDots: false),
            Plot.Series(name: "oracle", color: 0, points: reached),
        ]
        series.append(near(Self.staticOracle, points(Self.staticOracle), color: 1))
        series += shown.map { near($0, points($0), color: color($0)) }
        let all = series.flatMap(\.points)
        return Plot(
            title: "Energy against error, \(deadline.fixed(0)) ms (\(badge(environment)))",
            xLabel: "joules a sample", xRange: Plot.range(all.map(\.x)),
            panels: [.init(label: "errors, %", range: Plot.range(all.map(\.y)), series: series)])
    }

    /// How one goal went: the environment, and what the first policy and the oracles made of it.
    private func timeline(_ environment: Environment) -> Plot? {
        guard let timeline = timelines.first(where: { $0.environment == environment.name }),
            let first = policies.first, timeline.slowdown.count > 1
        else { return nil }
        let lines = [(Self.staticOracle, 1), (Self.oracle, 0), (first, 2)]
        func panel(_ label: String, _ values: [(name: String, color: Int, values: [Double])]) -> Plot.Panel {
            Plot.Panel(
                label: label, range: Plot.range(values.flatMap(\.values)),
                series: values.map { line in
                    Plot.Series(
                        name: line.name, color: line.color,
                        points: line.values.enumerated().map { (x: Double($0.offset), y: $0.element) }, isLine: true,
                        isDashed: line.color == 1, hasDots: false, isStepped: true)
                })
        }
        let goal = goals[timeline.goal]
        let aim =
            switch (goal.objective, goal.bound) {
            case (.energy, let bound?): "least energy for \((bound * 100).fixed(1)) %"
            case (.error, let bound?): "fewest errors within \(bound.fixed(2)) J"
            default: "fewest errors"
            }
        return Plot(
            title: "\(aim) in \(goal.deadline.fixed(0)) ms (\(badge(environment)))", xLabel: "sample",
            xRange: 0...Double(timeline.slowdown.count - 1),
            panels: [
                panel("slow-down", [("what the machine takes, over its profile", 4, timeline.slowdown)]),
                panel(
                    "answer's accuracy, %",
                    lines.map { line in (line.0, line.1, (timeline.worth[line.0] ?? []).map { $0 * 100 }) }),
                panel("joules", lines.map { line in (line.0, line.1, timeline.energy[line.0] ?? []) }),
            ], width: 860, panelHeight: 110)
    }

    /// What was promised, and what was kept.
    private func calibration(_ environment: Environment) -> Plot? {
        let own = promises.filter { $0.environment == environment.name && shown.contains($0.policy) }
        guard !own.isEmpty else { return nil }
        var series = [
            Plot.Series(
                name: "as promised", color: 1, points: [(x: 45, y: 45), (x: 100, y: 100)], isLine: true, isDashed: true,
                hasDots: false)
        ]
        for made in own {
            let points = made.tallies.compactMap { tally in
                tally.share.map { (x: tally.promised * 100, y: $0 * 100) }
            }
            series.append(.init(name: made.policy, color: color(made.policy), points: points, isLine: true))
        }
        return Plot(
            title: "Deadlines met where so many were promised (\(badge(environment)))", xLabel: "promised, %",
            xRange: 45...101,
            panels: [
                .init(label: "met, %", range: Plot.range(series.flatMap(\.points).map(\.y)), series: series)
            ])
    }
}
