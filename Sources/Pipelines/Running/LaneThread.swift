import Foundation

/// A lane on a recognising thread of its own.
final class LaneThread: @unchecked Sendable {
    // The lane is touched by the thread alone between `init` and the end of `join`, and so is `failure`.
    private let run: () -> (any Error)?
    private let isDone = DispatchSemaphore(value: 0)
    private var failure: (any Error)?

    /// Starts recognising; a failure ends the run's other lanes.
    init(_ lane: StreamLane<some RecognitionStage>, clock: RunClock, stop: PipelineRunner.StopHandle) {
        run = lane.run
        clock.startThread(named: "heed-lane", stackSize: 8 << 20) { [self] in
            failure = run()
            if failure != nil { stop.stop() }
            isDone.signal()
        }
    }

    /// Waits for the lane's end; says why it ended early, if it did.
    func join() -> (any Error)? {
        isDone.wait()
        return failure
    }
}
