import ArgumentParser
import Capture
import Foundation
import Logging
import Media
import Pipelines
import Recordings
import Units

/// `heed record`: records a camera, a microphone or both.
struct RecordCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a camera, a microphone or both for an exact replay.",
        discussion: """
            The file is Matroska, which any player opens. JPEG frames stay as they come, others are coded without loss \
            (FFV1) or stored raw, sound is PCM or FLAC; the times at which everything was captured and arrived, lost \
            and damaged frames and gaps in the sound are kept, so that `heed replay` repeats what happened. What has \
            been written survives a crash or a full disk. Ctrl-C ends the recording (exit status 0).

            Without --camera or --microphone both are recorded, as far as they are there. watch, listen and run record \
            beside their recognition with --record.

            Examples:
              heed record -o desk.mkv
              heed record -o desk.mkv --camera /dev/video0 --size 1280x720 --duration 1min
              heed record -o talk.mka --microphone default --sound flac
            """)

    @Option(name: .shortAndLong, help: "The file to write, such as desk.mkv.")
    var output: String

    @OptionGroup(title: "Camera")
    var camera: CameraOptions

    @OptionGroup(title: "Microphone")
    var microphone: MicrophoneOptions

    @OptionGroup(title: "Recording")
    var recording: RecordingStorageOptions

    @OptionGroup
    var duration: DurationOption

    @OptionGroup(title: "Log")
    var logging: LogOptions

    func run() throws {
        var configuration = PipelineConfiguration()
        let wantsAll = !camera.isUsed && !microphone.isUsed
        if camera.isUsed || wantsAll { camera.apply(to: &configuration) }
        if microphone.isUsed || wantsAll { microphone.apply(to: &configuration) }
        recording.apply(to: &configuration, path: output)
        guard let record = configuration.record else { return }
        try OutputFiles.check([record.path], inputs: [])
        try record.check()
        let (camera, microphone) = try open(configuration, forgives: wantsAll)
        for line in [camera.map { "\($0.name): \($0.mode)" }, microphone.map { "\($0.name): \($0.format)" }] {
            if let line { say(line) }
        }
        let run = try DeviceRecording(record, camera: camera, microphone: microphone, logger: logger)
        let interruption = Interruption { run.stop() }
        let timer = duration.duration.map { StopTimer($0) { run.stop() } }
        let report = run.run { StandardError.shared.show(["● \($0.line)"]) }
        timer?.cancel()
        interruption.end()
        StandardError.shared.clear()
        for line in report.lines { try answer(line) }
        if let failure = report.failure { throw failure }
    }

    /// Opens the devices; where none was named, one of them will do.
    private func open(
        _ configuration: PipelineConfiguration, forgives: Bool
    ) throws -> (LiveCamera?, LiveMicrophone?) {
        var devices: (camera: LiveCamera?, microphone: LiveMicrophone?)
        var failures: [CaptureError] = []
        do throws(CaptureError) {
            devices.camera = try configuration.camera.map { camera throws(CaptureError) in
                try LiveCamera(camera.settings(queued: RecordingOptions().frameCapacity))
            }
        } catch {
            failures.append(error)
        }
        do throws(CaptureError) {
            devices.microphone = try configuration.microphone.map { microphone throws(CaptureError) in
                try LiveMicrophone(microphone.configuration)
            }
        } catch {
            failures.append(error)
        }
        let isEnough = forgives && (devices.camera != nil || devices.microphone != nil)
        guard let first = failures.first, !isEnough else {
            for failure in failures { say("\(failure.message) It is left out.", .warning) }
            return devices
        }
        for failure in failures.dropFirst() { say(failure.message, .error) }
        throw first
    }
}
