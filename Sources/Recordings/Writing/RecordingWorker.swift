import CFFmpeg
import Glibc
import Media
import Units

/// Writes what waits in the queue, on a thread of its own.
final class RecordingWorker: @unchecked Sendable {
    // After `start` all state is touched by the thread alone.

    private let file: RecordingFile
    private let queue: RecordingQueue
    private let origin: MonotonicTime
    private let video: VideoTrack?
    private let sound: SoundTrack?
    private let software: String
    private let soundCoder: SoundCoder?
    private var videoCoder: VideoCoder?
    /// Nil until it is known what the file will hold.
    private var muxer: MatroskaMuxer?
    private var streams = (video: 0, sound: 0, notes: 0)
    /// What came before the first frame.
    private var held: [RecordingQueue.Entry] = []
    private var report: RecordingReport
    /// What of it is in whole clusters: what stays when the file cannot be written on.
    private var whole: RecordingReport

    /// When the next cluster ends by the time of its samples, where they come faster than that.
    private var clusterEnd = Duration.zero

    /// What is written reaches the kernel after this at most.
    private static let clusterLength = Duration.milliseconds(250)

    init(
        _ file: RecordingFile, _ queue: RecordingQueue, origin: MonotonicTime, video: VideoTrack?, sound: SoundTrack?,
        soundCoder: SoundCoder?, software: String
    ) {
        self.file = file
        self.queue = queue
        self.origin = origin
        self.video = video
        self.sound = sound
        self.software = software
        self.soundCoder = soundCoder
        report = RecordingReport(path: file.path)
        whole = report
    }

    /// Writes until the queue ends or something fails; a file that cannot be written on is left whole.
    func run() {
        do throws(RecordingError) {
            try write()
            try muxer?.end()
            if let failure = file.sync() { throw failure }
        } catch {
            // What waits is dropped; the queue's frames go back to their camera.
            held = []
            queue.fail(error)
            if file.failure != nil {
                file.cutBack()
                report = whole
            } else {
                try? muxer?.end()
            }
        }
        // A header, or word of what was missing, is no recording.
        if file.wholeSize == 0 || report.frames == 0 && report.soundDuration == .zero { file.discard() }
        report.byteCount = file.wholeSize
        file.release()
        queue.finish(report)
    }

    private func write() throws(RecordingError) {
        var flushDue = MonotonicTime.now() + Self.clusterLength
        while true {
            var (entries, isEnding) = try queue.take(until: flushDue)
            while let entry = entries.popLast() {
                try handle(entry)
                if MonotonicTime.now() >= flushDue || report.duration >= clusterEnd { flushDue = try flush() }
            }
            if MonotonicTime.now() >= flushDue { flushDue = try flush() }
            if isEnding { break }
        }
        // The camera never came: what else there is, is still a recording.
        if muxer == nil, held.contains(where: { if case .sound = $0 { true } else { false } }) {
            try begin(nil)
        }
    }

    private func flush() throws(RecordingError) -> MonotonicTime {
        try muxer?.flush()
        clusterEnd = report.duration + Self.clusterLength
        whole = report
        return .now() + Self.clusterLength
    }

    private func handle(_ entry: RecordingQueue.Entry) throws(RecordingError) {
        if muxer == nil {
            if case .frame(let first) = entry {
                try begin(first)
            } else if video == nil {
                try begin(nil)
            } else {
                return held.append(entry)
            }
        }
        try write(entry)
        queue.done(entry)
    }

    /// Opens the recording, and writes what was held.
    private func begin(_ first: CapturedFrame?) throws(RecordingError) {
        let muxer = try MatroskaMuxer(file, tags: RecordingHeader.tags(origin: origin, software: software))
        if let first {
            guard let video else { throw RecordingError(.notStorable, "\(file.path): was not told of a camera") }
            let coder = try VideoCoder(like: first.frame, storage: video.storage)
            let tags = RecordingHeader.tags(video, frame: first.frame)
            streams.video = try muxer.addStream(tags: tags) { coder.describe($0.pointee.codecpar) }
            videoCoder = coder
        }
        if let sound, let soundCoder {
            streams.sound = try muxer.addStream(tags: RecordingHeader.tags(sound)) {
                soundCoder.describe($0.pointee.codecpar)
            }
        }
        streams.notes = try muxer.addStream(tags: RecordingHeader.noteTags) { stream in
            stream.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_SUBTITLE
            stream.pointee.codecpar.pointee.codec_id = AV_CODEC_ID_SUBRIP
        }
        try muxer.begin()
        self.muxer = muxer
        for entry in held {
            try write(entry)
            queue.done(entry)
        }
        held = []
    }

    private func write(_ entry: RecordingQueue.Entry) throws(RecordingError) {
        switch entry {
        case .frame(let frame): try write(frame)
        case .missing(let missing, let arrived):
            try write(RecordedNote(missing, arrived: arrived, origin: origin))
        case .sound(let block, let arrived): try write(block, arrived)
        case .gap(let gap, let arrived): try write(RecordedNote(gap, arrived: arrived, origin: origin))
        }
    }

    private func write(_ captured: CapturedFrame) throws(RecordingError) {
        guard let muxer, let videoCoder else { return }
        guard videoCoder.takes(captured.frame) else {
            let frame = captured.frame
            throw RecordingError(
                .modeChanged,
                "\(file.path): the camera's frames are now \(frame.width)×\(frame.height) \(frame.format.rawValue), no "
                    + "longer \(videoCoder.description); the recording ends before them, record on into another file")
        }
        let timing = BlockTiming(
            kind: .frame, quality: captured.timeQuality, number: Int64(captured.number),
            captured: (captured.captured - origin).nanoseconds, arrived: (captured.arrived - origin).nanoseconds)
        do {
            try muxer.write(streams.video, at: captured.captured - origin, timing: timing) {
                packet throws(RecordingError) in try videoCoder.encode(captured.frame, into: packet)
            }
        } catch {
            guard error.code == .unreadable else { throw error }
            let damaged = MissingFrames.damaged(
                number: captured.number, captured: captured.captured, .truncated)
            return try write(RecordedNote(damaged, arrived: captured.arrived, origin: origin))
        }
        report.frames += 1
        report.duration = max(report.duration, captured.captured - origin)
    }

    private func write(_ block: SoundBlock, _ arrived: MonotonicTime) throws(RecordingError) {
        guard let muxer, let soundCoder, let sound else {
            throw RecordingError(.notStorable, "\(file.path): was not told of a microphone")
        }
        let length = Duration.seconds(Double(block.frames) / Double(sound.format.rate))
        let timing = BlockTiming(
            kind: .sound(frames: UInt32(clamping: block.frames), rate: block.rate), quality: block.timeQuality,
            number: block.position, captured: (block.captured - origin).nanoseconds,
            arrived: (arrived - origin).nanoseconds)
        try muxer.write(streams.sound, at: block.captured - origin, lasting: length, timing: timing) {
            packet throws(RecordingError) in try soundCoder.encode(block, into: packet)
        }
        report.soundDuration += length
        report.duration = max(report.duration, block.captured + length - origin)
    }

    private func write(_ note: RecordedNote) throws(RecordingError) {
        guard let muxer else { return }
        try muxer.write(streams.notes, at: .nanoseconds(note.arrived), lasting: .seconds(1)) {
            packet throws(RecordingError) in
            let line = note.line
            var failure: RecordingError?
            line.withUnsafeBytes { bytes in
                do throws(RecordingError) { try MatroskaMuxer.fill(packet, bytes) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }
}
