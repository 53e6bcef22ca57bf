import Capture
import Foundation
public import Logging
import Media
public import Recordings
import Units

/// Records a camera, a microphone or both, without recognising anything.
///
/// Each device is read by a thread of its own; both share one timeline and the file.
public final class DeviceRecording: @unchecked Sendable {
    // Every access to the mutable state below holds `condition`; a reader is touched by its own thread, and by the one
    // that runs the recording when that has ended.

    /// How far a recording has come.
    public struct Progress: Sendable, Hashable {
        /// Since it began.
        public var duration = Duration.zero
        /// Frames that came.
        public var frames = 0
        /// Frames that are missing, for whatever reason.
        public var missingFrames = 0
        /// Sound that came.
        public var sound = Duration.zero
        /// Times at which sound is missing.
        public var gaps = 0
    }

    /// How a recording ended.
    public struct Report {
        /// What is in the file; nil when nothing is.
        public var recording: RecordingReport?
        /// What came of the devices.
        public var progress: Progress
        /// What is known of the camera.
        public var camera: Summary.Camera?
        /// What is known of the microphone.
        public var microphone: Summary.Microphone?
        /// Why it ended early, if so; what was recorded until then is in the file.
        public var failure: (any Error)?
    }

    private let origin = MonotonicTime.now()
    private let recorder: RunRecorder
    private let camera: CameraReader?
    private let microphone: MicrophoneReader?
    private let condition = NSCondition()
    private var progress = Progress()
    private var reading = 0
    private var isStopping = false
    private var failure: (any Error)?

    /// Makes a recording of at least one device; nothing is read yet. `logger` is told what a person should know of the
    /// devices.
    ///
    /// - Throws: `RecordingError` when the file cannot be made, or is there already.
    public init(
        _ record: PipelineConfiguration.Record, camera: LiveCamera?, microphone: LiveMicrophone?,
        logger: Logger
    ) throws(RecordingError) {
        recorder = try RunRecorder(record, origin: origin, camera: camera, microphone: microphone, logger: logger)
        self.camera = camera.map { CameraReader($0, logger: logger.with("stream", "frames")) }
        self.microphone = microphone.map { MicrophoneReader($0, logger: logger.with("stream", "speech")) }
    }

    /// Asks the recording to end; on any thread.
    public func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
    }

    /// Records until it is stopped or the file fails, once; blocks. `show` is called twice a second.
    public func run(_ show: (Progress) -> Void) -> Report {
        if camera != nil { start("heed-frames") { [self] in try readCamera() } }
        if microphone != nil { start("heed-sound") { [self] in try readMicrophone() } }
        while let progress = waitForProgress() { show(progress) }
        let recorded = recorder.finish()
        return Report(
            recording: recorded.report, progress: progressNow, camera: camera?.summary,
            microphone: microphone?.summary, failure: recorded.failure ?? failure)
    }

    private func readCamera() throws {
        try camera?.read(from: origin, while: { isWanted }) { event in
            recorder.append(event)
            count(event)
        }
    }

    private func readMicrophone() throws {
        try microphone?.read(while: { isWanted }) { event, arrived in
            recorder.append(event, arrived: arrived)
            count(event)
        }
    }

    private var isWanted: Bool { condition.withLock { !isStopping } && !recorder.hasFailed }
    private var progressNow: Progress {
        condition.withLock {
            progress.duration = .now() - origin
            return progress
        }
    }

    private func start(_ name: String, _ read: @escaping @Sendable () throws -> Void) {
        condition.withLock { reading += 1 }
        let thread = Thread { [self] in
            var failure: (any Error)?
            do { try read() } catch { failure = error }
            condition.withLock {
                self.failure = self.failure ?? failure
                // One device alone is not what was asked for.
                isStopping = true
                reading -= 1
                condition.broadcast()
            }
        }
        thread.name = name
        thread.start()
    }

    /// Waits for half a second; nil when nothing is read any more.
    private func waitForProgress() -> Progress? {
        let due = Date(timeIntervalSinceNow: 0.5)
        condition.lock()
        while reading > 0, condition.wait(until: due) {}
        let isOver = reading == 0
        condition.unlock()
        return isOver ? nil : progressNow
    }

    private func count(_ event: CameraReader.Event) {
        condition.withLock {
            switch event {
            case .frame: progress.frames += 1
            case .missing(let missing, _): progress.missingFrames += missing.count
            }
        }
    }

    private func count(_ event: SoundEvent) {
        condition.withLock {
            switch event {
            case .sound(let block): progress.sound += .seconds(Double(block.frames) / block.rate)
            case .gap: progress.gaps += 1
            }
        }
    }
}
