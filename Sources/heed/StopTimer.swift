import Foundation
import Units

/// Calls something once after a time, unless it is cancelled.
final class StopTimer {
    private let timer: any DispatchSourceTimer

    init(_ duration: Duration, _ stop: @escaping @Sendable () -> Void) {
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "heed-duration"))
        timer.schedule(deadline: .now() + .nanoseconds(Int(duration.nanoseconds)))
        timer.setEventHandler(handler: stop)
        timer.resume()
        self.timer = timer
    }

    func cancel() { timer.cancel() }
}
