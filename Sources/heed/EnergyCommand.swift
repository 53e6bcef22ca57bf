import ArgumentParser
import Dispatch
import Foundation
import Machine
import Media
import Pipelines
import Units

/// `heed energy`: what the machine draws.
struct EnergyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "energy",
        abstract: "Watch the energy meters of this machine.",
        discussion: """
            Shows each meter's watts over the last second and its joules since the start, a line a second, or a table \
            that is kept up to date on a terminal; first, the meters that are not here, and why. `estimated` is a \
            power model over the processor time of this very process: a machine without a meter shows no more than \
            that. The meter that heed takes by itself is marked with *. docs/energy.md tells what each one covers.

            Examples:
              heed energy
              heed energy --duration 10s --json | jq .meters
              heed energy --once
            """)

    @Flag(help: "Measure one second, print it and end.")
    var once = false

    @Flag(help: "Print one JSON object a second for programs.")
    var json = false

    @OptionGroup
    var duration: DurationOption

    @Option(help: .private)
    var root = ""

    func run() throws {
        let meters = EnergyMeters.discover(root: root)
        for status in meters.statuses {
            switch status.availability {
            case .available(_, let channels): say("\(status.source.rawValue): \(channels.joined(separator: ", "))")
            case .missing(let reason, let remedy):
                say("no \(status.source.rawValue): \(reason)\(remedy.map { ". \($0)" } ?? "")")
            }
        }
        let watch = try EnergyWatch(meters)
        let isTable = !json && (once || isatty(STDOUT_FILENO) == 1 && StandardError.shared.showsRows)
        let stop = DispatchSemaphore(value: 0)
        let interruption = Interruption { stop.signal() }
        defer { interruption.end() }

        let start = MonotonicTime.now()
        let end = once ? start + EnergyWatch.interval : duration.duration.map { start + $0 }
        var next = start
        var drawn = 0
        while !interruption.happened, end.map({ next < $0 }) ?? true {
            next = next + EnergyWatch.interval
            if let end { next = min(next, end) }
            let wait = max(0, (next - MonotonicTime.now()).nanoseconds)
            // What was measured until a signal comes is shown as well.
            _ = stop.wait(timeout: .now() + .nanoseconds(Int(wait)))
            let row = watch.next()
            if json {
                try answer(row.json())
            } else if isTable {
                let table = row.table
                try answer((drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : "") + table)
                drawn = table.split(separator: "\n", omittingEmptySubsequences: false).count
            } else {
                try answer(row.line)
            }
        }
    }
}
