import Foundation
import Logging
import Machine
import Media
import Pipelines
import Units

/// Reads all meters of a machine side by side, again and again.
final class EnergyWatch {
    /// Between two rows.
    static let interval = Duration.seconds(1)

    /// What one meter said.
    struct Figure: Encodable {
        var source: String
        /// What it covers.
        var covers: String
        /// What it reads, such as `package-0`.
        var channels: [String]
        /// Whether heed takes its figures unless told otherwise.
        var chosen: Bool
        /// Over the time since the row before; nil while it has no figure.
        var watts: Double?
        /// Since the start.
        var joules: Double
    }

    /// What all meters said at one time.
    struct Row: Encodable {
        /// Since the start.
        var seconds: Double
        var meters: [Figure]
    }

    private struct Watched {
        var source: EnergySource
        var covers: String
        var channels: [String]
        var meter: any EnergyMeter
        var start: EnergyReading
        var last: EnergyReading
    }

    private let chosen: EnergySources
    private let start: MonotonicTime
    private var last: MonotonicTime
    private var watched: [Watched] = []

    /// Opens all meters that are there, and the estimate.
    init(_ meters: EnergyMeters) throws(MachineError) {
        chosen = try meters.meter().sources
        for status in meters.statuses {
            guard case .available(let coverage, let channels) = status.availability,
                let choice = EnergyMeters.Choice(rawValue: status.source.rawValue)
            else { continue }
            let meter = try meters.meter(choice)
            meter.tell { say($0, .warning, ["source": "meter"]) }
            let now = meter.reading()
            watched.append(
                Watched(
                    source: status.source, covers: coverage.rawValue, channels: channels, meter: meter, start: now,
                    last: now))
        }
        let estimate = try meters.meter(.estimated)
        let now = estimate.reading()
        watched.append(
            Watched(source: .estimated, covers: "a model", channels: [], meter: estimate, start: now, last: now))
        start = .now()
        last = start
    }

    /// The meters' figures since the row before.
    func next() -> Row {
        let now = MonotonicTime.now()
        let span = now - last
        let figures = watched.indices.map { index in
            let reading = watched[index].meter.reading()
            let each = watched[index]
            watched[index].last = reading
            let isCounting = reading.sources.contains(EnergySources(each.source)) && span > .zero
            return Figure(
                source: each.source.rawValue, covers: each.covers, channels: each.channels,
                chosen: chosen.contains(EnergySources(each.source)),
                watts: isCounting ? ((reading[each.source] - each.last[each.source]) / span).value : nil,
                joules: (reading[each.source] - each.start[each.source]).value)
        }
        last = now
        return Row(seconds: (now - start).seconds, meters: figures)
    }
}

extension EnergyWatch.Row {
    /// One line for programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var row = self
        row.seconds = round(seconds * 1e3) / 1e3
        for index in row.meters.indices {
            row.meters[index].watts = row.meters[index].watts.map { round($0 * 1e3) / 1e3 }
            row.meters[index].joules = round(row.meters[index].joules * 1e3) / 1e3
        }
        return String(decoding: try encoder.encode(row), as: UTF8.self)
    }

    /// One line for people.
    var line: String {
        (["\(seconds.formatted(decimals: 1)) s"] + meters.map { "\($0.name) \($0.power), \($0.energy)" })
            .joined(separator: "   ")
    }

    /// A table for people.
    var table: String {
        let rows = meters.map { [$0.name, $0.power, $0.energy, $0.covers] }
        return heed.table([["\(seconds.formatted(decimals: 1)) s", "now", "in all", "covers"]] + rows)
    }
}

extension EnergyWatch.Figure {
    fileprivate var name: String { source + (chosen ? " *" : "") }
    fileprivate var power: String { watts.map { "\($0.formatted(decimals: 2)) W" } ?? "–" }
    fileprivate var energy: String { "\(joules.formatted(decimals: 1)) J" }
}
