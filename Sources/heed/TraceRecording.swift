import Alert
import Machine
import Media
import Pipelines
import Traces
import Units

/// Recognises each sample of a recording with every candidate, beside co-runners, and writes down what each took and
/// gave.
///
/// Candidates follow each other within a sample, so that all of them meet the same co-runner. A trace that was begun
/// goes on where it ended.
struct TraceRecording: ~Copyable {
    private let samples: any TracedSamples
    private let meter: any EnergyMeter
    private var schedule: CoRunnerSchedule
    private var writer: TraceWriter
    private var coRunner: CoRunner?

    /// How long the machine waits before each sample: what it draws then is the power of waiting.
    private static let rest = Duration.milliseconds(10)
    /// How many samples are at stake in a crash.
    private static let samplesPerBlock = 16

    /// Begins a trace, or goes on with the one at `path`, which must be of the same recording, candidates and
    /// environment.
    ///
    /// - Throws: `TracesError` with code `notWritable` where another trace is there, or the disk takes none; as
    ///   `TraceWriter`.
    init(
        to path: String, header: TraceHeader, of samples: any TracedSamples, in schedule: CoRunnerSchedule,
        meter: any EnergyMeter, resumes: Bool
    ) throws {
        writer = try Self.writer(to: path, header, resumes: resumes)
        self.samples = samples
        self.schedule = schedule
        self.meter = meter
    }

    private static func writer(to path: String, _ header: TraceHeader, resumes: Bool) throws -> TraceWriter {
        guard resumes else { return try TraceWriter(path: path, header: header, samplesPerBlock: samplesPerBlock) }
        let writer = try TraceWriter(resuming: path, samplesPerBlock: samplesPerBlock)
        if let difference = header.difference(from: writer.header) {
            throw TracesError(
                .notWritable,
                "\(path): is a trace already, with another \(difference); remove it, or name another one with --output")
        }
        return writer
    }

    /// How many samples the trace has.
    var count: Int { writer.count }
    /// What was cut off a trace that was begun, in words.
    var omission: String? { writer.omission }

    /// Records until the recording's end, until there are `limit` samples, or until it shall stop; blocks.
    ///
    /// - Parameter onSample: told the samples there are, after each one.
    /// - Returns: Whether the end was reached.
    /// - Throws: What a candidate, the recording, a co-runner or the disk failed with; what was recorded before stays.
    mutating func run(limit: Int, isStopped: () -> Bool, onSample: (Int) -> Void) throws -> Bool {
        defer { coRunner?.end() }
        for _ in 0..<writer.count {
            guard try samples.next() != nil else { return true }
            _ = schedule.next()
        }
        do {
            let isAtEnd = try record(limit: limit, isStopped: isStopped, onSample: onSample)
            try writer.flush()
            return isAtEnd
        } catch {
            // The first failure is what matters; where the disk is full, this one fails as well.
            try? writer.flush()
            throw error
        }
    }

    private mutating func record(limit: Int, isStopped: () -> Bool, onSample: (Int) -> Void) throws -> Bool {
        while writer.count < limit, let size = try samples.next() {
            try change(to: schedule.next())
            let idlePower = waitingPower()
            let recognized = try samples.recognizers.candidates.indices.map {
                try samples.recognize(with: $0, idlePower: idlePower, meter: meter)
            }
            // Ctrl-C on a terminal ends co-runners too: what was measured without them is left out.
            if isStopped() { return false }
            if let coRunner, !coRunner.isRunning {
                throw PipelinesError(
                    .setUpFailed,
                    "the co-runner (\(coRunner.load.kind.rawValue)) ended by itself; record on with "
                        + "the same command")
            }
            // What goes before differs little between candidates.
            let preparation = recognized.first?.preparation ?? Trace.Preparation()
            try writer.append(
                Trace.Sample(
                    idlePower: idlePower, size: size, preparation: preparation, answers: recognized.map(\.answers)))
            onSample(writer.count)
        }
        return true
    }

    private mutating func change(to load: CoRunnerLoad?) throws {
        guard load != coRunner?.load else { return }
        coRunner?.end()
        coRunner = try load.map { try CoRunner($0) }
    }

    private func waitingPower() -> Watts {
        let start = (time: MonotonicTime.now(), energy: meter.read())
        (start.time + Self.rest).sleep()
        let power = (meter.read() - start.energy) / (MonotonicTime.now() - start.time)
        return max(.zero, power)
    }
}

extension TraceHeader {
    /// In what a trace that was begun differs from this one, so that it cannot be gone on with; nil where it does not.
    fileprivate func difference(from begun: TraceHeader) -> String? {
        if origin != begun.origin { return "origin" }
        if environment != begun.environment { return "environment (\(begun.environment))" }
        if seed != begun.seed { return "seed" }
        if source != begun.source { return "recording (\(begun.source ?? "unknown"))" }
        if interval != begun.interval {
            guard let other = begun.interval else { return "format: an older heed began it, at no rate" }
            return "rate (\((10 / other).rounded() / 10) frames a second)"
        }
        if profile.machine != begun.profile.machine { return "machine" }
        if profile.energySource != begun.profile.energySource { return "energy meter (\(begun.profile.energySource))" }
        guard profile.candidates.map(\.candidate) == begun.profile.candidates.map(\.candidate),
            profile.candidates.allSatisfy({ candidate in
                let name = candidate.candidate.recognizer
                return profile.models[name] == begun.profile.models[name]
            })
        else { return "set of candidates" }
        return nil
    }
}
