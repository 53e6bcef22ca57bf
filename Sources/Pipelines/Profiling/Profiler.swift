public import Alert
public import Machine
import Media
public import Units

/// Measures what each candidate takes on this machine while nothing else is asked of it.
public struct Profiler: Sendable {
    /// A median is stable when those of the first and the second half of the runs differ by no more than this share.
    public var tolerance = 0.03

    /// A profiler with the defaults.
    public init() {}

    /// Measures `candidates`, taking turns so that a disturbance of the machine falls on all of them alike.
    ///
    /// - Parameters:
    ///   - candidates: Indices into the set's candidates.
    ///   - onProgress: Called with the share that is done, 0…1.
    /// - Returns: One profile for each index, in the same order.
    public func measure(
        _ candidates: [Int], of recognizers: any MeasurableCandidates, meter: any EnergyMeter,
        onProgress: (Double) -> Void
    ) throws -> [CandidateProfile] {
        let allowedRuns = recognizers.measuredRuns
        var times = Dictionary(uniqueKeysWithValues: candidates.map { ($0, [Duration]()) })
        var energy = Dictionary(uniqueKeysWithValues: candidates.map { ($0, Joules.zero) })
        for candidate in candidates {
            recognizers.loadForMeasuring(candidate)
            // So that caches, allocators and clocks settle.
            for _ in 0..<max(1, allowedRuns.lowerBound / 8) { _ = try recognizers.measure(candidate) }
        }
        var unfinished = candidates
        while !unfinished.isEmpty {
            for candidate in unfinished {
                let before = meter.read()
                let time = try recognizers.measure(candidate)
                energy[candidate, default: .zero] += meter.read() - before
                times[candidate, default: []].append(time)
            }
            unfinished = candidates.filter { !isStable(times[$0] ?? [], within: allowedRuns) }
            let runs = unfinished.first.flatMap { times[$0]?.count } ?? allowedRuns.upperBound
            onProgress(unfinished.isEmpty ? 1 : Double(runs) / Double(allowedRuns.upperBound))
        }
        return try candidates.map { index in
            let samples = times[index] ?? []
            let total = samples.reduce(Duration.zero, +)
            let time = TimeStatistics(samples: samples)
            return CandidateProfile(
                candidate: recognizers.candidates[index], time: time,
                growth: try recognizers.growth(of: index, time: .seconds(time.median * 1e-3)),
                power: (energy[index] ?? .zero) / total,
                accuracy: recognizers.expectedAccuracy(of: index))
        }
    }

    /// What the machine draws while it waits, over a tenth of a second.
    public func measureIdlePower(meter: any EnergyMeter) -> Watts {
        let start = (time: MonotonicTime.now(), energy: meter.read())
        (start.time + .milliseconds(100)).sleep()
        return (meter.read() - start.energy) / (MonotonicTime.now() - start.time)
    }

    private func isStable(_ times: [Duration], within runs: ClosedRange<Int>) -> Bool {
        guard times.count >= runs.lowerBound else { return false }
        guard times.count < runs.upperBound else { return true }
        let half = times.count / 2
        let first = Self.median(times[..<half])
        let second = Self.median(times[half...])
        return abs(first - second) <= tolerance * max(first, second)
    }

    private static func median(_ times: ArraySlice<Duration>) -> Double { times.sorted()[times.count / 2].seconds }
}
