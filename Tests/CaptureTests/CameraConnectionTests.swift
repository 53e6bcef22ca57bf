import Media
import Testing
import Units

@testable import Capture

/// How a connection is kept, with no device and no clock.
struct CameraConnectionTests {
    private let start = MonotonicTime(nanoseconds: 0)
    private func after(_ milliseconds: Int) -> MonotonicTime { start + .milliseconds(milliseconds) }

    private func streaming() -> CameraConnection {
        var connection = CameraConnection()
        #expect(connection.handle(.begin, now: start) == .probe)
        #expect(connection.handle(.opened, now: start) == .negotiate(attempt: 0))
        #expect(connection.handle(.negotiated, now: start) == .stream)
        return connection
    }

    @Test func aDeviceThatIsUnpluggedAndComesBackStreamsAgain() {
        var connection = streaming()
        #expect(connection.handle(.lost(.disconnected, frames: 100), now: after(1000)) == .close)
        #expect(connection.loss == .disconnected)
        #expect(connection.handle(.closed, now: after(1000)) == .wait(until: after(1250)))
        #expect(connection.handle(.elapsed, now: after(1250)) == .probe)
        #expect(connection.handle(.refused(.absent), now: after(1250)) == .wait(until: after(1750)))
        #expect(connection.handle(.changed, now: after(1500)) == .probe)
        #expect(connection.handle(.opened, now: after(1500)) == .negotiate(attempt: 0))
        #expect(connection.handle(.negotiated, now: after(1510)) == .stream)
        #expect(connection.streams == 2)
        #expect(connection.loss == nil)
        #expect(connection.obstacle == nil)
    }

    @Test func waitsDoubleUpToFiveSecondsAndStartAnewAfterASteadyStream() {
        var connection = streaming()
        _ = connection.handle(.lost(.disconnected, frames: 0), now: start)
        var action = connection.handle(.closed, now: start)
        for wait in [250, 500, 1000, 2000, 4000, 5000, 5000] {
            #expect(action == .wait(until: after(wait)))
            #expect(connection.handle(.elapsed, now: start) == .probe)
            action = connection.handle(.refused(.absent), now: start)
        }
        _ = connection.handle(.elapsed, now: start)
        _ = connection.handle(.opened, now: start)
        _ = connection.handle(.negotiated, now: start)
        _ = connection.handle(.lost(.disconnected, frames: CameraConnection.steadyFrames), now: start)
        #expect(connection.handle(.closed, now: start) == .wait(until: after(250)))
    }

    @Test(arguments: [CameraConnection.Obstacle.busy, .denied])
    func aDeviceThatIsThereIsTriedEveryTwoSeconds(_ obstacle: CameraConnection.Obstacle) {
        var connection = CameraConnection()
        _ = connection.handle(.begin, now: start)
        for _ in 0..<5 {
            #expect(connection.handle(.refused(obstacle), now: start) == .wait(until: after(2000)))
            #expect(connection.obstacle == obstacle)
            #expect(connection.handle(.elapsed, now: start) == .probe)
        }
    }

    @Test func aStalledStreamIsRestartedOnceAndThenReopened() {
        var connection = streaming()
        #expect(connection.handle(.lost(.stalled, frames: 50), now: start) == .restart)
        #expect(connection.handle(.restarted, now: start) == .stream)
        #expect(connection.handle(.lost(.stalled, frames: 3), now: start) == .close)
        #expect(connection.loss == .stalled)
    }

    @Test func aRestartThatBroughtASteadyStreamMayBeTriedAgain() {
        var connection = streaming()
        _ = connection.handle(.lost(.stalled, frames: 50), now: start)
        _ = connection.handle(.restarted, now: start)
        #expect(connection.handle(.lost(.stalled, frames: 10), now: start) == .restart)
    }

    @Test func aRestartThatFailsReopens() {
        var connection = streaming()
        _ = connection.handle(.lost(.stalled, frames: 50), now: start)
        #expect(connection.handle(.refused(.failed), now: start) == .close)
    }

    @Test func aBusWithoutRoomIsOfferedTheNextModes() {
        var connection = CameraConnection()
        _ = connection.handle(.begin, now: start)
        #expect(connection.handle(.opened, now: start) == .negotiate(attempt: 0))
        for attempt in 1..<CameraConnection.maximumAttempts {
            #expect(connection.handle(.refused(.bandwidth), now: start) == .negotiate(attempt: attempt))
        }
        #expect(connection.handle(.refused(.bandwidth), now: start) == .close)
        #expect(connection.handle(.closed, now: start) == .wait(until: after(250)))
        #expect(connection.obstacle == .bandwidth)
    }

    @Test func changesInQuickSuccessionAreOneProbe() {
        var connection = CameraConnection()
        _ = connection.handle(.begin, now: start)
        _ = connection.handle(.refused(.absent), now: start)
        #expect(connection.handle(.changed, now: after(10)) == .wait(until: after(100)))
        #expect(connection.handle(.changed, now: after(20)) == .wait(until: after(100)))
        #expect(connection.handle(.elapsed, now: after(100)) == .probe)
    }

    @Test func stoppingClosesWhatIsOpenAndEnds() {
        var connection = streaming()
        #expect(connection.handle(.stop, now: start) == .close)
        #expect(connection.handle(.closed, now: start) == .finish)
        #expect(connection.handle(.begin, now: start) == nil)
        var closing = streaming()
        _ = closing.handle(.lost(.errors, frames: 1), now: start)
        #expect(closing.handle(.stop, now: start) == nil)
        #expect(closing.handle(.closed, now: start) == .finish)
        var waiting = CameraConnection()
        #expect(waiting.handle(.stop, now: start) == .finish)
    }

    /// Drives a connection with whatever may happen to it and keeps the books that the driver would keep.
    @Test func whateverHappensTheDeviceIsOpenedAndClosedInTurnAndWaitsAreBounded() {
        var random = SeededGenerator(seed: 3)
        let obstacles: [CameraConnection.Obstacle] = [.absent, .busy, .denied, .bandwidth, .failed]
        let losses: [CameraConnection.Loss] = [.disconnected, .stalled, .errors]
        for _ in 0..<500 {
            var connection = CameraConnection()
            var now = start
            var isOpen = false
            var streams = 0
            var action = connection.handle(.begin, now: now)
            for step in 0..<200 {
                now = now + .milliseconds(Int.random(in: 0...50, using: &random))
                let obstacle = obstacles.randomElement(using: &random) ?? .failed
                let loss = losses.randomElement(using: &random) ?? .errors
                let works = Bool.random(using: &random)
                let event: CameraConnection.Event
                switch action {
                case .probe:
                    #expect(!isOpen)
                    isOpen = works
                    event = works ? .opened : .refused(obstacle)
                case .negotiate(let attempt):
                    #expect(isOpen)
                    #expect(attempt < CameraConnection.maximumAttempts)
                    event = works ? .negotiated : .refused(obstacle)
                case .stream:
                    #expect(isOpen)
                    streams += 1
                    event = .lost(loss, frames: .random(in: 0...20, using: &random))
                case .restart:
                    #expect(isOpen)
                    event = works ? .restarted : .refused(.failed)
                case .close:
                    #expect(isOpen)
                    isOpen = false
                    event = .closed
                case .wait(let until):
                    #expect(!isOpen)
                    #expect(until - now <= CameraConnection.longestWait)
                    if works { now = max(now, until) }
                    event = works ? .elapsed : .changed
                case .finish, nil:
                    Issue.record("ended by itself at step \(step)")
                    return
                }
                action = connection.handle(event, now: now)
            }
            #expect(streams > 0)
            // Stopping ends it in at most two steps, wherever it stands.
            let stopped = connection.handle(.stop, now: now)
            if stopped == .close || stopped == nil { #expect(connection.handle(.closed, now: now) == .finish) }
            #expect(connection.phase == .finished)
        }
    }

    @Test func eventsOutOfPlaceChangeNothing() {
        let events: [CameraConnection.Event] = [
            .begin, .opened, .refused(.busy), .negotiated, .restarted, .lost(.errors, frames: 0), .closed, .changed,
            .elapsed,
        ]
        let expected: [CameraConnection.Event] = [.lost(.errors, frames: 0)]
        for event in events where !expected.contains(event) {
            var connection = streaming()
            let before = connection
            #expect(connection.handle(event, now: after(5)) == nil)
            #expect(connection == before)
        }
    }
}
