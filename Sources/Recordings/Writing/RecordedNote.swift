import Foundation
import Media
import Units

/// A line of a recording's track of notes: what happened that is no frame and no sound.
///
/// JSON with one key for what it is; times are nanoseconds since the origin.
struct RecordedNote: Codable, Hashable {
    struct Lost: Codable, Hashable {
        var first: Int
        var count: Int
        var why: MissingFrames.Loss
    }
    struct Damaged: Codable, Hashable {
        var number: Int
        var captured: Int64
        var why: FrameDamage
    }
    struct Superseded: Codable, Hashable {
        var number: Int
        var captured: Int64
    }
    struct Outage: Codable, Hashable {
        var first: Int
        var count: Int
        var from: Int64
        var to: Int64
    }
    struct Uncounted: Codable, Hashable {
        var superseded: Int
        var damaged: Int
        var lost: Int
    }
    struct Gap: Codable, Hashable {
        var position: Int64
        var frames: Int64
        var begins: Int64
        var duration: Int64
        var why: String
    }

    /// When heed knew.
    var arrived: Int64
    var lost: Lost?
    var damaged: Damaged?
    var superseded: Superseded?
    var outage: Outage?
    var uncounted: Uncounted?
    var gap: Gap?

    init(_ missing: MissingFrames, arrived: MonotonicTime, origin: MonotonicTime) {
        self.arrived = (arrived - origin).nanoseconds
        switch missing {
        case .lost(let first, let count, let why): lost = Lost(first: first, count: count, why: why)
        case .damaged(let number, let captured, let why):
            damaged = Damaged(number: number, captured: (captured - origin).nanoseconds, why: why)
        case .superseded(let number, let captured):
            superseded = Superseded(number: number, captured: (captured - origin).nanoseconds)
        case .outage(let first, let count, let from, let to):
            outage = Outage(
                first: first, count: count, from: (from - origin).nanoseconds, to: (to - origin).nanoseconds)
        case .uncounted(let superseded, let damaged, let lost):
            uncounted = Uncounted(superseded: superseded, damaged: damaged, lost: lost)
        }
    }

    init(_ gap: SoundGap, arrived: MonotonicTime, origin: MonotonicTime) {
        self.arrived = (arrived - origin).nanoseconds
        self.gap = Gap(
            position: gap.position, frames: gap.frames, begins: (gap.begins - origin).nanoseconds,
            duration: gap.duration.nanoseconds, why: gap.reason.rawValue)
    }

    /// What happened to frames, on the clock of a run that began at `origin`; nil when it is about sound.
    func missingFrames(origin: MonotonicTime) -> MissingFrames? {
        func time(_ nanoseconds: Int64) -> MonotonicTime {
            MonotonicTime(nanoseconds: origin.nanoseconds + nanoseconds)
        }
        if let lost { return .lost(first: lost.first, count: lost.count, lost.why) }
        if let damaged { return .damaged(number: damaged.number, captured: time(damaged.captured), damaged.why) }
        if let superseded { return .superseded(number: superseded.number, captured: time(superseded.captured)) }
        if let outage {
            return .outage(
                first: outage.first, count: outage.count, from: time(outage.from), to: time(outage.to))
        }
        if let uncounted {
            return .uncounted(superseded: uncounted.superseded, damaged: uncounted.damaged, lost: uncounted.lost)
        }
        return nil
    }

    /// The gap in the sound; nil when it is about frames.
    func soundGap(origin: MonotonicTime) -> SoundGap? {
        guard let gap, let reason = SoundGap.Reason(rawValue: gap.why) else { return nil }
        return SoundGap(
            reason: reason, position: gap.position, frames: gap.frames,
            begins: MonotonicTime(nanoseconds: origin.nanoseconds + gap.begins),
            duration: .nanoseconds(gap.duration))
    }

    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Whole numbers and words always encode.
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }

    /// Reads a line; nil for anything else, and for values that no recording has (``RecordedLimits``).
    init?(line: UnsafeRawBufferPointer) {
        guard let note = try? JSONDecoder().decode(Self.self, from: Data(line)), note.isPlausible else { return nil }
        self = note
    }

    private var isPlausible: Bool {
        var numbers: [Int64] = []
        var counts: [Int] = []
        var times = [arrived]
        if let lost {
            numbers.append(Int64(lost.first))
            counts.append(lost.count)
        }
        if let damaged {
            numbers.append(Int64(damaged.number))
            times.append(damaged.captured)
        }
        if let superseded {
            numbers.append(Int64(superseded.number))
            times.append(superseded.captured)
        }
        if let outage {
            numbers.append(Int64(outage.first))
            counts.append(outage.count)
            times += [outage.from, outage.to]
        }
        if let uncounted { counts += [uncounted.superseded, uncounted.damaged, uncounted.lost] }
        if let gap {
            numbers.append(gap.position)
            times += [gap.begins, gap.duration]
            guard RecordedLimits.lengths.contains(gap.frames) else { return false }
        }
        return numbers.allSatisfy(RecordedLimits.numbers.contains)
            && counts.allSatisfy(RecordedLimits.counts.contains) && times.allSatisfy(RecordedLimits.times.contains)
    }
}
