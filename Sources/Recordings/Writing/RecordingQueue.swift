import Foundation
import Media
import Units

/// What waits to be written: bounded, and what finds no room is counted and noted in its place.
///
/// The lock is held for a few moves of an array only; nothing slow happens under it.
final class RecordingQueue: @unchecked Sendable {
    // Every access to the mutable state below holds `condition`.

    enum Entry {
        case frame(CapturedFrame)
        case missing(MissingFrames, arrived: MonotonicTime)
        case sound(SoundBlock, arrived: MonotonicTime)
        case gap(SoundGap, arrived: MonotonicTime)
    }

    /// What was left out.
    struct LeftOut {
        var frames = 0
        var sound = Duration.zero
        var notes = 0
    }

    private let condition = NSCondition()
    private let options: RecordingOptions
    private var entries: [Entry] = []
    private var frames = 0
    private var soundBytes = 0
    private var notes = 0
    private var leftOut = LeftOut()
    private var isEnding = false
    private var failure: RecordingError?
    private var isTold = false
    private var report: RecordingReport?

    init(_ options: RecordingOptions) { self.options = options }

    /// Adds an entry, or notes that it is left out. Throws once what ended the recording; then nothing is taken.
    func append(_ entry: Entry) throws(RecordingError) {
        condition.lock()
        defer { condition.unlock() }
        if let failure {
            if isTold { return }
            isTold = true
            throw failure
        }
        guard !isEnding else { return }
        switch entry {
        case .frame(let frame):
            guard frames < options.frameCapacity else { return leaveOut(frame) }
            frames += 1
        case .sound(let block, let arrived):
            guard soundBytes + block.bytes.count <= options.soundCapacity else { return leaveOut(block, arrived) }
            soundBytes += block.bytes.count
        case .missing, .gap: return note(entry)
        }
        entries.append(entry)
        condition.broadcast()
    }

    /// Takes all that waits, the newest first, after waiting for it until `deadline`; it takes up its room until it is
    /// `done`.
    ///
    /// Throws what `fail` was told.
    func take(until deadline: MonotonicTime) throws(RecordingError) -> (newestFirst: [Entry], isEnding: Bool) {
        condition.lock()
        defer { condition.unlock() }
        while entries.isEmpty, !isEnding, failure == nil {
            let left = deadline - .now()
            if left <= .zero || !condition.wait(until: Date(timeIntervalSinceNow: left.seconds)) { break }
        }
        if let failure { throw failure }
        defer { entries.removeAll() }
        return (entries.reversed(), isEnding)
    }

    /// Gives back the room that an entry took.
    func done(_ entry: Entry) {
        condition.withLock {
            switch entry {
            case .frame: frames -= 1
            case .sound(let block, _): soundBytes -= block.bytes.count
            case .missing, .gap: notes -= 1
            }
        }
    }

    /// Takes nothing more.
    func end() {
        condition.withLock {
            isEnding = true
            condition.broadcast()
        }
    }

    /// Takes nothing more, for this reason; what waits is dropped.
    func fail(_ error: RecordingError) {
        condition.withLock {
            if failure == nil { failure = error }
            entries.removeAll()
            condition.broadcast()
        }
    }

    /// Says that all is written, or that nothing more can be.
    func finish(_ report: RecordingReport) {
        condition.withLock {
            self.report = report
            condition.broadcast()
        }
    }

    /// Waits for `finish`.
    func waitForReport() -> RecordingReport {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let report { return report }
            condition.wait()
        }
    }

    /// What ended the recording early; `append` does not tell it again.
    func takeFailure() -> RecordingError? {
        condition.withLock {
            isTold = true
            return failure
        }
    }

    /// What was left out so far.
    var omissions: LeftOut { condition.withLock { leftOut } }

    private func leaveOut(_ frame: CapturedFrame) {
        leftOut.frames += 1
        if case .missing(.lost(let first, let count, .recorderTooSlow), let arrived)? = entries.last,
            first + count == frame.number
        {
            let loss = MissingFrames.lost(first: first, count: count + 1, .recorderTooSlow)
            entries[entries.count - 1] = .missing(loss, arrived: arrived)
        } else {
            note(.missing(.lost(first: frame.number, count: 1, .recorderTooSlow), arrived: frame.arrived))
        }
    }

    private func leaveOut(_ block: SoundBlock, _ arrived: MonotonicTime) {
        let length = Duration.seconds(block.rate > 0 ? Double(block.frames) / block.rate : 0)
        leftOut.sound += length
        let index = entries.lastIndex { if case .gap = $0 { true } else { false } }
        if let index, case .gap(var gap, let arrived) = entries[index], gap.reason == .readerTooSlow,
            gap.position + gap.frames == block.position
        {
            gap.frames += Int64(block.frames)
            gap.duration = block.captured + length - gap.begins
            entries[index] = .gap(gap, arrived: arrived)
        } else {
            let gap = SoundGap(
                reason: .readerTooSlow, position: block.position, frames: Int64(block.frames), begins: block.captured,
                duration: length)
            note(.gap(gap, arrived: arrived))
        }
    }

    private func note(_ entry: Entry) {
        guard notes < options.noteCapacity else {
            leftOut.notes += 1
            return
        }
        notes += 1
        entries.append(entry)
        condition.broadcast()
    }
}
