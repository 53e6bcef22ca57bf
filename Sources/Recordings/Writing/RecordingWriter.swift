import Dispatch
import Foundation
public import Media
import Units

/// Records a camera, a microphone or both into a Matroska file that any player opens, with all that an exact replay
/// needs: docs/recordings.md says how.
///
/// ```
/// let writer = try RecordingWriter(
///     path: "desk.mkv", origin: start, video: VideoTrack(device: "/dev/video0"), sound: nil)
/// try writer.append(frame)
/// let report = try writer.finish()
/// ```
/// A thread of its own codes and writes; `append` may be called on any thread and never waits for it. What finds no
/// room in its bounded queue is left out, counted, and named in the file. What is written reaches the kernel within
/// half a second and the disk within two: after a crash the file opens and holds what came before. When the disk is
/// full the file is cut back to what is whole.
public final class RecordingWriter: Sendable {
    /// The file.
    public let path: String
    private let queue: RecordingQueue

    /// Makes the file, and starts to record. Times in the file count from `origin`.
    ///
    /// With a camera the file is begun at its first frame, whose size and format it takes; until then sound waits in
    /// the queue.
    ///
    /// Throws `exists` for a file that may not be replaced, `notWritable`, and `notStorable` for sound that cannot be
    /// stored as asked.
    public init(
        path: String, origin: MonotonicTime, video: VideoTrack?, sound: SoundTrack?,
        options: RecordingOptions = RecordingOptions()
    ) throws(RecordingError) {
        precondition(video != nil || sound != nil, "a recording has a camera or a microphone")
        let soundCoder = try sound.map { track throws(RecordingError) in try SoundCoder(track) }
        let file = try RecordingFile(path, overwrites: options.overwrites)
        let queue = RecordingQueue(options)
        let worker = RecordingWorker(
            file, queue, origin: origin, video: video, sound: sound, soundCoder: soundCoder, software: options.software)
        self.path = path
        self.queue = queue
        let disk = DiskThread(file, queue)
        Self.startThread("heed-record") {
            worker.run()
            disk.end()
        }
        Self.startThread("heed-disk") { disk.run() }
    }

    deinit { queue.end() }

    /// Records a frame; its camera's buffer is kept until it is written.
    ///
    /// Throws once what ended the recording (`notWritable`, `notStorable`, `modeChanged`); whatever comes later is
    /// dropped. So do the other `append`.
    public func append(_ frame: CapturedFrame) throws(RecordingError) { try queue.append(.frame(frame)) }

    /// Records that frames are missing, as heed knew at `arrived`.
    public func append(_ missing: MissingFrames, arrived: MonotonicTime) throws(RecordingError) {
        try queue.append(.missing(missing, arrived: arrived))
    }

    /// Records sound that reached heed at `arrived`.
    public func append(_ sound: SoundBlock, arrived: MonotonicTime) throws(RecordingError) {
        try queue.append(.sound(sound, arrived: arrived))
    }

    /// Records that sound is missing, as heed knew at `arrived`. Comes before the sound that follows it.
    public func append(_ gap: SoundGap, arrived: MonotonicTime) throws(RecordingError) {
        try queue.append(.gap(gap, arrived: arrived))
    }

    /// Writes what waits, ends the file and says what it holds. Blocks meanwhile.
    ///
    /// What ended the recording early is in the report. Throws when nothing was recorded: that failure, or `empty` when
    /// neither a frame nor sound came. Then no file is left, but one that was to be replaced.
    @discardableResult
    public func finish() throws(RecordingError) -> RecordingReport {
        queue.end()
        var report = queue.waitForReport()
        report.failure = queue.takeFailure()
        let omissions = queue.omissions
        report.leftOutFrames = omissions.frames
        report.leftOutSound = omissions.sound
        report.leftOutNotes = omissions.notes
        guard report.byteCount > 0 else {
            throw report.failure
                ?? RecordingError(.empty, "\(path): neither a frame nor sound came; nothing was recorded")
        }
        return report
    }

    private static func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread { body() }
        thread.name = name
        thread.start()
    }
}

/// Brings what the kernel has to the disk each second, apart from the writing thread: a slow disk must not stop that.
private final class DiskThread: Sendable {
    private let file: RecordingFile
    private let queue: RecordingQueue
    /// Signalled at the end.
    private let ending = DispatchSemaphore(value: 0)

    init(_ file: RecordingFile, _ queue: RecordingQueue) {
        self.file = file
        self.queue = queue
    }

    func run() {
        while wait() {
            if let failure = file.sync() { return queue.fail(failure) }
        }
    }

    func end() { ending.signal() }

    /// Waits for a second, also when the time of day is set meanwhile; false at the end.
    private func wait() -> Bool { ending.wait(timeout: .now() + .seconds(1)) == .timedOut }
}
