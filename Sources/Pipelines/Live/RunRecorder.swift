import Capture
import Logging
import Media
import Recordings
import Synchronization

/// Records what a run's devices bring. What goes wrong ends the recording, not the run.
///
/// Called by the threads that read the devices; it never makes them wait.
final class RunRecorder: Sendable {
    private let writer: RecordingWriter
    private let logger: Logger
    private let failed = Atomic<Bool>(false)

    /// Begins a recording whose times count from `origin`.
    ///
    /// Throws when the file cannot be made, or is there already.
    init(
        _ wanted: PipelineConfiguration.Record, origin: MonotonicTime, camera: LiveCamera?,
        microphone: LiveMicrophone?, logger: Logger
    ) throws(RecordingError) {
        var options = RecordingOptions()
        options.overwrites = wanted.overwrites
        writer = try RecordingWriter(
            path: wanted.path, origin: origin,
            video: camera.map { VideoTrack(device: $0.name, mode: $0.mode, storage: wanted.video) },
            sound: microphone.map { SoundTrack(device: $0.name, format: $0.microphone.format, storage: wanted.sound) },
            options: options)
        self.logger = logger.with("recording", wanted.path)
    }

    /// Whether the recording has ended early.
    var hasFailed: Bool { failed.load(ordering: .relaxed) }

    func append(_ event: CameraReader.Event) {
        attempt { writer throws(RecordingError) in
            switch event {
            case .frame(let frame): try writer.append(frame)
            case .missing(let missing, let arrived): try writer.append(missing, arrived: arrived)
            }
        }
    }

    func append(_ event: SoundEvent, arrived: MonotonicTime) {
        attempt { writer throws(RecordingError) in
            switch event {
            case .sound(let block): try writer.append(block, arrived: arrived)
            case .gap(let gap): try writer.append(gap, arrived: arrived)
            }
        }
    }

    /// Writes what waits and ends the file; blocks meanwhile.
    func finish() -> (report: RecordingReport?, failure: RecordingError?) {
        do throws(RecordingError) {
            let report = try writer.finish()
            return (report, report.failure)
        } catch {
            return (nil, error)
        }
    }

    private func attempt(_ work: (RecordingWriter) throws(RecordingError) -> Void) {
        do throws(RecordingError) {
            try work(writer)
        } catch {
            failed.store(true, ordering: .relaxed)
            logger.error("the recording has ended: \(error.message)")
        }
    }
}
