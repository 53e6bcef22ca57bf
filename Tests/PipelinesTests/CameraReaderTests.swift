import Logging
import Media
import Synchronization
import Testing
import Units

@testable import Capture
@_spi(Measuring) @testable import Pipelines

/// Which of the things that a camera tells are of a run, and with what numbers.
struct CameraReaderTests {
    private let origin = MonotonicTime.now()

    private func after(_ milliseconds: Int) -> MonotonicTime { origin + .milliseconds(milliseconds) }

    /// What a run that begins at `origin` is told of a camera that streams, tells `events` and ends.
    private func read(_ events: [CameraEvent]) throws -> [MissingFrames] {
        let camera = try Camera(keeping: .all) { mailbox, _ in
            let status = CameraStatus(
                phase: .streaming, loss: nil, error: nil, device: nil, choice: nil, interval: nil, size: nil,
                priority: .realTime(5))
            mailbox.post(.event(.connection(status)))
            for event in events { mailbox.post(.event(event)) }
            mailbox.end()
        }
        let reader = CameraReader(try LiveCamera(waitingFor: camera, named: "test"), logger: Logger(label: "test"))
        var told: [MissingFrames] = []
        try reader.read(from: origin, while: { true }) { event in
            if case .missing(let missing, _) = event { told.append(missing) }
        }
        return told
    }

    @Test func aCameraThatGivesOnlyDamagedFramesHasSamplesThatFailed() throws {
        let told = try read([
            .missing(.damaged(number: 40, captured: after(-20), .flagged)),
            .missing(.damaged(number: 41, captured: after(20), .flagged)),
            .missing(.superseded(number: 42, captured: after(60))),
            .missing(.lost(first: 43, count: 2, .driver)),
            .missing(.damaged(number: 45, captured: after(180), .truncated)),
        ])
        #expect(
            told == [
                .damaged(number: 0, captured: after(20), .flagged), .superseded(number: 1, captured: after(60)),
                .lost(first: 2, count: 2, .driver), .damaged(number: 4, captured: after(180), .truncated),
            ])
    }

    @Test func whatIsMissingBeforeTheRunIsNotOfIt() throws {
        let told = try read([
            .missing(.outage(first: 0, count: 25, from: after(-2000), to: after(-1000))),
            .missing(.lost(first: 25, count: 3, .driver)),
            .missing(.uncounted(superseded: 1, damaged: 2, lost: 3)),
            .missing(.superseded(number: 34, captured: after(-1))),
        ])
        #expect(told.isEmpty)
    }

    @Test func ofAnOutageThatEndsInTheRunItsPartIsCounted() throws {
        let told = try read([
            .missing(.outage(first: 10, count: 100, from: after(-3000), to: after(1000))),
            .missing(.damaged(number: 110, captured: after(1040), .flagged)),
        ])
        #expect(
            told == [
                .outage(first: 0, count: 25, from: origin, to: after(1000)),
                .damaged(number: 25, captured: after(1040), .flagged),
            ])
    }

    @Test func anOutageAtTheRunsStartIsWhole() throws {
        let told = try read([.missing(.outage(first: 7, count: 5, from: after(10), to: after(210)))])
        #expect(told == [.outage(first: 0, count: 5, from: after(10), to: after(210))])
    }
}
