import Media
import Testing
import Units

@testable import Capture
@testable import Pipelines

/// What a person is told of devices: each thing once.
struct DeviceNewsTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func status(
        _ phase: CameraConnection.Phase, loss: CameraConnection.Loss? = nil, error: CaptureError? = nil
    ) -> CameraStatus {
        CameraStatus(
            phase: phase, loss: loss, error: error, device: nil, choice: nil, interval: nil, size: nil,
            priority: .ordinary)
    }

    @Test func anOutageIsToldOnceWithItsCauseAndItsEnd() {
        var news = CameraNews(status(.streaming))
        #expect(news.take(status(.streaming), at: start) == nil)
        let lost = news.take(status(.closing, loss: .disconnected), at: start)
        #expect(lost == "camera: the camera is gone; heed goes on when it is back")
        // That it is not there is known by now.
        let absent = CaptureError(.notFound, "/dev/video0: there is no such camera now")
        #expect(news.take(status(.waiting, error: absent), at: start + .seconds(1)) == nil)
        #expect(news.take(status(.probing), at: start + .seconds(2)) == nil)
        let back = news.take(status(.streaming), at: start + .seconds(3))
        #expect(back?.hasPrefix("camera: back after 3 s") == true)
        #expect(news.take(status(.streaming), at: start + .seconds(4)) == nil)
    }

    @Test func whatKeepsACameraAwayIsToldWhenItChanges() {
        var news = CameraNews(status(.streaming))
        _ = news.take(status(.closing, loss: .errors), at: start)
        let busy = CaptureError(.busy, "camera: is in use by cheese (process 4)")
        #expect(news.take(status(.waiting, error: busy), at: start) == busy.message)
        #expect(news.take(status(.waiting, error: busy), at: start + .seconds(2)) == nil)
    }

    @Test func aMicrophoneIsToldAsGoneAndAsBack() {
        var news = MicrophoneNews(name: "hw:1")
        var report = MicrophoneReport()
        // Before it has brought anything it is only starting.
        #expect(news.take(report).isEmpty)
        report.isRunning = true
        report.frames = 480
        #expect(news.take(report).isEmpty)
        report.isRunning = false
        #expect(news.take(report).map(\.text) == ["hw:1: the microphone is gone; heed goes on when it is back"])
        #expect(news.take(report).isEmpty)
        report.problem = "hw:1: in use by process 7 (arecord)"
        #expect(news.take(report).map(\.text) == ["hw:1: in use by process 7 (arecord)"])
        report.isRunning = true
        report.problem = nil
        #expect(news.take(report).map(\.text) == ["hw:1: the microphone is back"])
    }

    @Test func zerosAndAPriorityThatIsNotRealTimeAreToldOnce() {
        var news = MicrophoneNews(name: "hw:1")
        var report = MicrophoneReport()
        report.isRunning = true
        report.frames = 480
        report.priority = .ordinary
        #expect(news.take(report).count == 1)
        #expect(news.take(report).isEmpty)
        report.isSilent = true
        #expect(
            news.take(report).map(\.text) == ["hw:1: nothing but zeros comes: is the microphone muted, or missing?"])
        #expect(news.take(report).isEmpty)
        report.isSilent = false
        #expect(news.take(report).map(\.text) == ["hw:1: sound comes again"])
    }

    @Test func aRealTimeThreadIsNoNews() {
        var news = MicrophoneNews(name: "hw:1")
        var report = MicrophoneReport()
        report.priority = .realTime(15)
        #expect(news.take(report).isEmpty)
    }
}
