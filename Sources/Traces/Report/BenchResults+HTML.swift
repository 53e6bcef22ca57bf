import Plots

extension BenchResults {
    /// The report: one page that needs nothing beside it, for light and dark screens.
    public func html() -> String {
        let pictures = plots()
        let kinds: [(prefix: String, heading: String, words: String)] = [
            (
                "energy-error", "Energy against error",
                "The goals of the middle deadline. The line joins the best that the oracle reached; left and below is better."
            ),
            (
                "timeline", "A goal, sample by sample",
                "How the machine slowed down, how accurate the chosen answers are (0 where none was in time), and what "
                    + "they took."
            ),
            (
                "calibration", "Promises",
                "How often a deadline was met that the policy promised to meet with a certain probability. On the "
                    + "dashed line it keeps its word; below, it promises too much."
            ),
        ]
        let sections = kinds.map { kind in
            let drawn = pictures.filter { $0.name.hasPrefix(kind.prefix) }.map { "<figure>\($0.svg)</figure>" }
            return "<h2>\(kind.heading)</h2><p>\(kind.words)</p><div class=\"plots\">\(drawn.joined())</div>"
        }
        return Page.html(
            title: "heed bench",
            body: """
                <h1>heed bench <span class="badge">\(origins)</span></h1>
                <p>\(goals.count) goals in \(environments.count) environment\(environments.count == 1 ? "" : "s"); \
                \(policies.count) policies beside three oracles.</p>
                \(environmentTable)
                \(tables)
                \(sections.joined(separator: "\n"))
                <h2>How to read this</h2>
                \(Self.method)
                <h2>Every goal</h2>
                \(everyGoal)
                """)
    }

    private var origins: String {
        Set(environments.map(\.origin.rawValue)).sorted().joined(separator: " and ")
    }

    private var environmentTable: String {
        Page.table(
            [["environment", "figures", "samples", "candidates", "seed", "energies", "machine"]]
                + environments.map { environment in
                    [
                        environment.name, environment.origin.rawValue, "\(environment.samples)",
                        "\(environment.candidates)", environment.seed.map { "\($0)" } ?? "–", environment.energySource,
                        environment.machine.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                            .joined(separator: ", "),
                    ]
                })
    }

    private var tables: String {
        TraceGoals.Objective.allCases.filter { objective in goals.contains { $0.objective == objective } }
            .map { objective in
                let heading = objective == .energy ? "Least energy for an accuracy" : "Fewest errors for an energy"
                var text = "<h2>\(heading)</h2>" + Page.table(table(objective))
                if environments.count > 1 {
                    text += environments.map {
                        "<details><summary>\($0.name.escaped)</summary>"
                            + Page.table(table(objective, environment: $0.name)) + "</details>"
                    }.joined()
                }
                return text
            }.joined(separator: "\n")
    }

    /// Each goal with each policy's figure; what violates it is struck through.
    private var everyGoal: String {
        let names = Self.oracles + policies
        return TraceGoals.Objective.allCases.compactMap { objective -> String? in
            let own = goals.filter { $0.objective == objective }
            guard !own.isEmpty else { return nil }
            let head = ["environment", "ms", objective == .energy ? "accuracy ≥" : "joules ≤"] + names
            let rows = own.map { goal -> String in
                let facts = [goal.environment.escaped, goal.deadline.fixed(0), goal.bound.map { $0.fixed(3) } ?? "–"]
                let figures = names.map { name -> String in
                    guard let score = goal.scores[name] else { return "–" }
                    let text = objective == .energy ? score.energy.fixed(3) : (score.error * 100).fixed(1)
                    return score.isViolated ? "<s>\(text)</s>" : text
                }
                return "<tr>" + (facts + figures).map { "<td>\($0)</td>" }.joined() + "</tr>"
            }
            let figure = objective == .energy ? "joules a sample" : "errors, %"
            return
                "<details><summary>\(figure); struck through where the goal is violated</summary><div class=\"wide\">"
                + "<table><tr>\(head.map { "<th>\($0.escaped)</th>" }.joined())</tr>\(rows.joined())</table>"
                + "</div></details>"
        }.joined()
    }

    private static let method = """
        <ul>
        <li><b>oracle</b> knows what every candidate would take for every sample, before it chooses; not which answers \
        are right. <b>oracle-moment</b> knows what every candidate takes on average around each sample, not for the \
        sample. <b>oracle-static</b> is the one candidate that was best for the whole run.</li>
        <li><b>×static, ×oracle</b>: what is minimized, relative to theirs; harmonic means over the goals that the \
        policy does not violate. <b>×one layer</b>: relative to the better of app-only and sys-only.</li>
        <li>A goal is <b>violated</b> when more than 10 % of its samples have no answer by the deadline, or one that \
        is worth less than the goal's accuracy, or spend more than its energy. A policy that keeps few goals is judged by \
        these few: read both columns.</li>
        <li><b>95 % kept</b>: how often a deadline was met that was promised with 95 %: the least and the most of the \
        environments.</li>
        </ul>
        """
}
