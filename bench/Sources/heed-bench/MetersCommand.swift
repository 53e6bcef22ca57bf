import ArgumentParser
import CAllocationCount
import Foundation
import Machine
import Media
import Units

/// Times the reading of energy meters and counts what it allocates.
struct MetersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meters", abstract: "Time the reading of energy meters and count its heap allocations.")

    @Option(help: "A copy of a machine's /proc and /sys; none for this machine's own.")
    var root = ""

    @Option(help: "Readings to make.")
    var readings = 20_000

    private struct Report: Encodable {
        /// The sources that were read.
        var sources: String
        /// Each reading's time in nanoseconds.
        var times: [Int64]
        /// Calls of the C library's allocator during all readings.
        var allocations: Int
    }

    func run() throws {
        let meter = try EnergyMeters.discover(root: root).meter()
        _ = meter.reading()
        var times = [Int64](repeating: 0, count: readings)
        let before = heed_bench_allocations()
        for index in times.indices {
            let start = MonotonicTime.now()
            _ = meter.reading()
            times[index] = (MonotonicTime.now() - start).nanoseconds
        }
        let report = Report(
            sources: meter.sources.description, times: times, allocations: heed_bench_allocations() - before)
        FileHandle.standardOutput.write(try JSONEncoder().encode(report) + Data("\n".utf8))
    }
}
