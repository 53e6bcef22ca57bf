import Capture
import Foundation
import Media
import Recordings
import Testing
import Units

/// What real drivers bring is recorded and comes back: bit by bit, and nanosecond by nanosecond.
@Suite(.serialized, .enabled(if: RecordedDevices.areThere, RecordedDevices.missing))
struct RecordedDevicesTests {
    @Test(arguments: [VideoTrack.Storage.raw, .lossless])
    func aCameraAndAMicrophoneComeBackAsTheyWere(_ storage: VideoTrack.Storage) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("devices.mkv")
        // Coding takes the emulated processor of the device tests long.
        let wish = CameraWish(
            size: storage == .raw ? PictureSize(640, 480) : PictureSize(320, 180), rate: storage == .raw ? 25 : 10)
        let devices = try RecordedDevices(path: path, wish: wish, storage: storage)
        let report = try devices.record(for: .seconds(storage == .raw ? 15 : 5))
        print("\(report.frames) frames and \(report.soundDuration.seconds) s of sound in \(report.byteCount) bytes")
        #expect(report.leftOutFrames == 0 && report.leftOutSound == .zero && report.leftOutNotes == 0)
        #expect(report.frames >= (storage == .raw ? 100 : 10))

        let frames = try ReadBack.frames(path).map(RecordedDevices.fingerprint)
        #expect(frames == devices.frames)
        let sound = try ReadBack.sound(path)
        #expect(sound == devices.sound)
        let blocks = sound.compactMap { if case .sound(let block, _) = $0 { block } else { nil } }
        #expect(blocks.contains { $0.bytes.contains { $0 != 0 } }, "nothing was played into the microphone")
        try FFmpegProgram.expectNoComplaint(about: path)
    }
}

/// The device tests' camera and microphone, recorded, with what they brought.
private final class RecordedDevices: @unchecked Sendable {
    // `frames` is written by the test's thread, `sound` by another one that has ended when it is read.

    static let areThere =
        FileManager.default.fileExists(atPath: "/dev/video0")
        && FileManager.default.fileExists(atPath: "/proc/asound/Loopback")
    static let missing: Comment = "SKIPPED: there is no /dev/video0 with a loopback card; `devices/run` has both"

    private(set) var frames: [String] = []
    private(set) var sound: [SoundRecording.Event] = []
    private let camera: Camera
    private let microphone: Microphone
    private let origin: MonotonicTime
    private let writer: RecordingWriter

    init(path: String, wish: CameraWish, storage: VideoTrack.Storage) throws {
        microphone = try Microphone(MicrophoneConfiguration(device: "hw:CARD=Loopback,DEV=1"))
        camera = try Camera(
            CameraSettings(device: "/dev/video0", wish: wish, keeping: .all, bufferCount: 8, poolCount: 16))
        origin = .now()
        writer = try RecordingWriter(
            path: path, origin: origin, video: VideoTrack(device: "/dev/video0", storage: storage),
            sound: SoundTrack(device: "hw:CARD=Loopback,DEV=1", format: microphone.format), options: roomyOptions)
    }

    /// A frame's or a loss's numbers, times and bytes, in little room.
    static func fingerprint(_ happening: Happening) -> String { "\(happening) \(happening.hashValue)" }

    func record(for duration: Duration) throws -> RecordingReport {
        let end = MonotonicTime.now() + duration
        let listening = DispatchGroup()
        let failure = FailureBox()
        DispatchQueue(label: "sound").async(group: listening) { [self] in
            do { try listen(until: end) } catch { failure.error = error }
        }
        while MonotonicTime.now() < end { try takeFrame() }
        camera.stop()
        listening.wait()
        if let error = failure.error { throw error }
        return try writer.finish()
    }

    private func takeFrame() throws {
        switch try camera.next(within: .milliseconds(50)) {
        case .frame(let frame)?:
            frames.append(Self.fingerprint(Happening(frame)))
            try writer.append(frame)
        case .missing(let missing)?:
            let arrived = MonotonicTime.now()
            frames.append(Self.fingerprint(.missing(missing, arrived: arrived.nanoseconds)))
            try writer.append(missing, arrived: arrived)
        case .connection, .ended, nil: break
        }
    }

    private func listen(until end: MonotonicTime) throws {
        try microphone.start()
        while MonotonicTime.now() < end {
            guard let event = microphone.next(waiting: .milliseconds(50)) else { continue }
            let arrived = MonotonicTime.now()
            switch event {
            case .sound(let block):
                sound.append(.sound(block, arrived: arrived))
                try writer.append(block, arrived: arrived)
            case .gap(let gap):
                sound.append(.gap(gap, arrived: arrived))
                try writer.append(gap, arrived: arrived)
            }
        }
        microphone.stop()
    }
}

/// What a thread failed with, for another to read once it has ended.
private final class FailureBox: @unchecked Sendable { var error: (any Error)? }
