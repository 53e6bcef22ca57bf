import Foundation
import Media
import Synchronization
import Testing
import Units

@testable import Pipelines

/// A replay that is stopped, stepped and let go on.
@Suite(.timeLimit(.minutes(1)))
struct PlayheadTests {
    private static let stride = Duration.milliseconds(10)

    /// What a feeding thread has got through of a timeline with something each 10 ms.
    private final class Feeding: Sendable {
        let gate = SampleGate<Int>(capacity: 1, overflow: .supersede) { sample in
            SampleResult(.frames, sample, outcome: .superseded, reason: "")
        }
        let passed = Mutex<[MonotonicTime]>([])

        init(_ playhead: Playhead, count: Int) {
            playhead.begin(at: .now())
            gate.feed(threadName: "test") { [self] in
                for number in 0..<count where !gate.isStopping {
                    let arrival = PlayheadTests.stride * Double(number)
                    let origin = playhead.pass(arrival, gate)
                    if !gate.isStopping { passed.withLock { $0.append(origin + arrival) } }
                }
            }
        }

        var count: Int { passed.withLock(\.count) }

        /// Waits until so many have passed.
        func wait(for count: Int) { while self.count < count { (MonotonicTime.now() + .milliseconds(1)).sleep() } }

        /// Waits long enough for anything that may pass to have passed.
        func settle() { (MonotonicTime.now() + .milliseconds(150)).sleep() }
    }

    @Test(arguments: [PipelineConfiguration.Pace.fast, .realtime])
    func `What is stopped stands still, a step goes on by one, and it runs on from there`(
        pace: PipelineConfiguration.Pace
    ) {
        let playhead = Playhead(pace: pace, stride: Self.stride)
        playhead.pause()
        let feeding = Feeding(playhead, count: 50)
        feeding.settle()
        let before = feeding.count
        #expect(before <= 1)
        for number in 1...3 {
            playhead.step()
            feeding.wait(for: before + number)
            feeding.settle()
            #expect(feeding.count == before + number)
        }
        #expect(playhead.isPaused)
        playhead.resume()
        feeding.wait(for: 50)
        #expect(!playhead.isPaused)
    }

    @Test func `On the wall clock a pause makes nothing late`() throws {
        let playhead = Playhead(pace: .realtime, stride: Self.stride)
        let feeding = Feeding(playhead, count: 30)
        feeding.wait(for: 5)
        playhead.pause()
        feeding.settle()
        let (resumed, before) = (MonotonicTime.now(), feeding.count)
        playhead.resume()
        feeding.wait(for: 30)
        // All that came after the pause was captured after it.
        #expect(feeding.passed.withLock { $0[(before + 1)...].allSatisfy { $0 > resumed } })
    }

    @Test func `A run that is ended while it stands still ends`() {
        let playhead = Playhead(pace: .fast, stride: Self.stride)
        playhead.pause()
        let feeding = Feeding(playhead, count: 50)
        feeding.gate.stop()
        // Closed by the feeding thread's end.
        let isOver = feeding.gate.take(needed: .zero) == nil
        #expect(isOver)
    }
}
