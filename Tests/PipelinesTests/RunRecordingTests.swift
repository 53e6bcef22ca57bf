import Captions
import Capture
import Foundation
import Machine
import Media
import Recordings
import Testing
import Units

@testable import Pipelines

/// What a run records, and what a replay makes of it.
struct RunRecordingTests {
    private let path = NSTemporaryDirectory() + "heed-run-\(UUID().uuidString).mkv"

    @Test func aCameraThatIsRecordedHasRoomForTheFramesThatWaitForThat() {
        var configuration = PipelineConfiguration()
        let camera = PipelineConfiguration.Camera()
        let alone = camera.settings(queued: configuration.heldFrames).poolCount
        configuration.record = .init(path: path)
        let recorded = camera.settings(queued: configuration.heldFrames).poolCount
        #expect(recorded - alone == RecordingOptions().frameCapacity)
    }

    @Test func aRunWithoutDevicesThatShallBeRecordedIsRefused() {
        var configuration = PipelineConfiguration()
        configuration.recording.path = "pictures"
        configuration.record = .init(path: path)
        let error = #expect(throws: PipelinesError.self) { _ = try RunSources.open(configuration) }
        #expect(error?.code == .badConfiguration)
        #expect(error?.message == "\(path): only devices are recorded; the pipeline has no camera or microphone")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// A microphone's two seconds of silence with as much missing between them.
    private func recordGap(_ reason: SoundGap.Reason) throws {
        let rate: Int64 = 16_000
        let origin = MonotonicTime.now()
        let format = SoundFormat(rate: Int(rate), channels: 1, encoding: .signed16)
        func time(_ frame: Int64) -> MonotonicTime { origin + .nanoseconds(frame * 1_000_000_000 / rate) }
        let writer = try RecordingWriter(
            path: path, origin: origin, video: nil, sound: SoundTrack(device: "test", format: format))
        for second in [Int64(0), 2] {
            for block in 0..<Int64(10) {
                let position = second * rate + block * rate / 10
                let sound = SoundBlock(
                    position: position, frames: Int(rate / 10), captured: time(position), timeQuality: .device,
                    rate: Double(rate), bytes: [UInt8](repeating: 0, count: Int(rate / 10) * 2))
                try writer.append(sound, arrived: time(position + rate / 10) + .milliseconds(1))
            }
            guard second == 0 else { continue }
            let gap = SoundGap(
                reason: reason, position: rate, frames: rate, begins: time(rate), duration: .seconds(1))
            try writer.append(gap, arrived: time(2 * rate))
        }
        try writer.finish()
    }

    @Test func soundThatWasMissingIsMissingForTheSameReasonInAReplay() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try recordGap(.suspended)
        let recording = try AudioRecording.open(path)
        var reasons: [SoundGap.Reason] = []
        while let block = try recording.next() { reasons += block.missing.map { [$0] } ?? [] }
        #expect(reasons == [.suspended])
    }

    @Test(.enabled(if: SpeechStreamFixture.isPossible, SpeechStreamFixture.missing))
    func aReplaySaysWhySoundIsMissing() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try recordGap(.overrun)
        let fixture = try SpeechStreamFixture(["moonshine-tiny"])
        let (results, _) = try fixture.replay(path, policy: try RestlessPolicy(fixture.candidates))
        #expect(results.map(\.reason) == ["the sound was not read in time"])
        #expect(results.first?.speech?.gap?.length == .seconds(1))
    }

    @Test(.enabled(if: SpeechStreamFixture.isPossible, SpeechStreamFixture.missing))
    func aRunnerWithoutDevicesDoesNotRecord() throws {
        let spoken = try SpeechStreamFixture.speech("one two", name: "record")
        defer { try? FileManager.default.removeItem(atPath: spoken) }
        let fixture = try SpeechStreamFixture(["moonshine-tiny"])
        var configuration = fixture.configuration
        configuration.record = .init(path: path)
        let policy = try RestlessPolicy(fixture.candidates)
        let error = #expect(throws: PipelinesError.self) {
            _ = try fixture.runner(spoken, policy: policy, configuration: configuration, sinks: [])
        }
        #expect(error?.message.contains("only devices are recorded") == true)
    }
}
