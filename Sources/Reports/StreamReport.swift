import Plots

/// What one stream of a run came to, in pictures and tables.
struct StreamReport {
    typealias Picture = (name: String, words: String, plot: Plot)

    let stream: ReportedSample.Stream
    private let samples: [ReportedSample]
    private let answered: [ReportedSample]
    /// The candidates, the most chosen first.
    private let candidates: [(name: String, count: Int)]
    private let origin: Int64
    private let length: Double

    /// The most dots of one series: a page that nobody can scroll helps nobody.
    private static let dots = 3000
    private static let outcomes: [(outcome: ReportedSample.Outcome, color: Int)] = [
        (.met, 4), (.late, 3), (.expired, 6), (.superseded, 1), (.lost, 5), (.failed, 0),
    ]

    /// - Parameter origin: When the run's first sample was captured, in nanoseconds.
    init(_ stream: ReportedSample.Stream, samples: [ReportedSample], origin: Int64) {
        self.stream = stream
        self.samples = samples
        self.origin = origin
        answered = samples.filter { $0.latency != nil }
        var counts: [String: Int] = [:]
        for sample in samples { if let name = sample.candidate { counts[name, default: 0] += 1 } }
        candidates = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        length = samples.map { Double($0.captured - origin) * 1e-9 }.max() ?? 0
    }

    var total: Int { samples.reduce(0) { $0 + $1.samples } }

    /// The pictures that there is something to see in.
    var pictures: [Picture] { [choices, latencies, slowdown, energy].compactMap(\.self) }

    private func time(_ sample: ReportedSample) -> Double { Double(sample.captured - origin) * 1e-9 }
    private var timeRange: ClosedRange<Double> { 0...max(length, 0.001) }

    /// The points of some samples; of very many, each k-th.
    private func points(
        _ samples: [ReportedSample], _ value: (ReportedSample) -> Double?
    ) -> [(x: Double, y: Double)] {
        let all = samples.compactMap { sample in value(sample).map { (x: time(sample), y: $0) } }
        let step = max(1, (all.count + Self.dots - 1) / Self.dots)
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }

    /// Who was chosen, and the time that it took against the deadline.
    private var choices: Picture? {
        guard !candidates.isEmpty else { return nil }
        let place = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($1.name, Double($0)) })
        let chosen = Self.outcomes.compactMap { outcome, color -> Plot.Series? in
            let points = points(samples.filter { $0.outcome == outcome }) { $0.candidate.flatMap { place[$0] } }
            return points.isEmpty ? nil : Plot.Series(name: outcome.rawValue, color: color, points: points)
        }
        var times = Self.outcomes.compactMap { outcome, color -> Plot.Series? in
            let points = points(answered.filter { $0.outcome == outcome }, \.latency)
            return points.isEmpty ? nil : Plot.Series(name: outcome.rawValue, color: color, points: points)
        }
        let deadlines = points(samples, \.deadline)
        times.append(
            .init(
                name: "deadline", color: 0, points: deadlines, isLine: true, isDashed: true, hasDots: false,
                isStepped: true))
        let longest = max(percentile(answered.compactMap(\.latency).sorted(), 99.5) ?? 0, deadlines.map(\.y).max() ?? 0)
        let range = 0...max(longest * 1.1, 0.001)
        for index in times.indices { times[index].points.removeAll { !range.contains($0.y) } }
        return (
            "choices", "Who answered, what became of it, and the time from the sensor to the result.",
            Plot(
                title: "Choices: \(stream.rawValue)", xLabel: "seconds", xRange: timeRange,
                panels: [
                    .init(
                        label: "", range: -0.5...(Double(candidates.count) - 0.5), series: chosen,
                        words: candidates.enumerated().map { (Double($0), $1.name) }),
                    .init(label: "latency, ms", range: range, series: times),
                ], width: 860, panelHeight: 140)
        )
    }

    /// How many answers were out within a time.
    private var latencies: Picture? {
        let latency = answered.compactMap(\.latency).sorted()
        let inference = answered.compactMap(\.inference).sorted()
        guard let longest = percentile(latency, 99.9), latency.count > 1 else { return nil }
        func distribution(_ values: [Double]) -> [(x: Double, y: Double)] {
            (0...200).compactMap { step in
                percentile(values, Double(step) / 2).map { (x: $0, y: Double(step) / 2) }
            }.filter { $0.x <= longest }
        }
        let marks = [50.0, 95, 99].compactMap { share in percentile(latency, share).map { (x: $0, y: share) } }
        return (
            "latency", "How many answers were out within a time; dots are p50, p95 and p99.",
            Plot(
                title: "Latency: \(stream.rawValue)", xLabel: "ms", xRange: 0...max(longest, 0.001),
                panels: [
                    .init(
                        label: "answers, %", range: 0...101,
                        series: [
                            .init(
                                name: "sensor to result", color: 2, points: distribution(latency), isLine: true,
                                hasDots: false),
                            .init(name: "sensor to result", color: 2, points: marks),
                            .init(
                                name: "inference alone", color: 3, points: distribution(inference), isLine: true,
                                hasDots: false),
                        ])
                ])
        )
    }

    private var slowdown: Picture? {
        let points = points(samples, \.slowdown)
        guard !points.isEmpty else { return nil }
        return (
            "slowdown", "What the machine was assumed to take, over its profile.",
            Plot(
                title: "Slow-down: \(stream.rawValue)", xLabel: "seconds", xRange: timeRange,
                panels: [
                    .init(
                        label: "slow-down ξ", range: Plot.range(points.map(\.y), including: [1]),
                        series: [.init(name: "slow-down", color: 4, points: points, isLine: true, hasDots: false)])
                ])
        )
    }

    private var energy: Picture? {
        let series = sources.enumerated().map { index, source in
            Plot.Series(
                name: source, color: 2 + index, points: points(samples.filter { $0.energySource == source }, \.energy))
        }
        guard !series.isEmpty else { return nil }
        return (
            "energy", "What each sample took, by where the figure comes from.",
            Plot(
                title: "Energy: \(stream.rawValue)", xLabel: "seconds", xRange: timeRange,
                panels: [
                    .init(
                        label: "joules", range: Plot.range(series.flatMap(\.points).map(\.y), including: [0]),
                        series: series)
                ])
        )
    }

    private var sources: [String] { Set(samples.compactMap(\.energySource)).sorted() }

    /// The value that so many percent do not exceed.
    private func percentile(_ sorted: [Double], _ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share / 100 * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank - 1, 0), sorted.count - 1)]
    }
}

extension StreamReport {
    /// How many samples ended how.
    var outcomeTable: [[String]] {
        let rows = ReportedSample.Outcome.allCases.map { outcome in
            let count = samples.reduce(0) { $0 + ($1.outcome == outcome ? $1.samples : 0) }
            return [outcome.rawValue, "\(count)", (Double(count) / Double(max(total, 1)) * 100).fixed(1)]
        }
        return [["outcome", "samples", "%"]] + rows
    }

    /// Percentiles of the latency, and what of them is inference.
    var latencyTable: [[String]] {
        let kinds: [(String, [Double])] = [
            ("sensor to result", answered.compactMap(\.latency).sorted()),
            ("inference", answered.compactMap(\.inference).sorted()),
        ]
        let rows = kinds.map { name, values in
            [name] + [50.0, 95, 99, 100].map { percentile(values, $0)?.fixed(2) ?? "–" }
        }
        let (all, inference) = (kinds[0].1.reduce(0, +), kinds[1].1.reduce(0, +))
        let share = all > 0 ? "\((inference / all * 100).fixed(1)) % of all time" : "–"
        return [["ms", "p50", "p95", "p99", "max"]] + rows + [["inference's share", share, "", "", ""]]
    }

    /// The candidates, and how often each was in time.
    var candidateTable: [[String]] {
        [["recogniser", "chosen", "met, %", "inference p50, ms"]]
            + candidates.map { name, count in
                let own = samples.filter { $0.candidate == name }
                let met = own.count { $0.outcome == .met }
                return [
                    name, "\(count)", (Double(met) / Double(count) * 100).fixed(1),
                    percentile(own.compactMap(\.inference).sorted(), 50)?.fixed(2) ?? "–",
                ]
            }
    }

    /// The energy of the samples, by where the figures come from.
    var energyTable: [[String]] {
        [["source", "joules", "samples", "joules a sample"]]
            + sources.map { source in
                let values = samples.filter { $0.energySource == source }.compactMap(\.energy)
                let sum = values.reduce(0, +)
                return [source, sum.fixed(2), "\(values.count)", (sum / Double(max(values.count, 1))).fixed(4)]
            }
    }

    /// What was said, and what was not transcribed.
    var captionTable: [[String]] {
        let rows = samples.compactMap { sample -> [String]? in
            guard let start = sample.start, let end = sample.end else { return nil }
            let times = "\(start.fixed(1))–\(end.fixed(1)) s"
            switch sample.kind {
            case .final where sample.text?.isEmpty == false: return [times, sample.text ?? ""]
            case .gap: return [times, "[gap \((end - start).fixed(1)) s]"]
            default: return nil
            }
        }
        return rows.isEmpty ? [] : [["sound", "words"]] + rows
    }
}
