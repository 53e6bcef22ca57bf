import Media
import Units

/// Which processors are lost, why, and when each is tried again: after a second, then after twice as long each time.
///
/// Pure: the time is an argument. A processor that is lost again soon after it came back is tried ever more seldom too.
struct ProcessorHealth {
    private struct Loss {
        var reason: String
        /// How long it is left alone before the next try.
        var wait: Duration
        /// When it is to be tried; nil while it is well, or being tried.
        var retry: MonotonicTime?
        /// Since when it is well again; nil while it is lost.
        var well: MonotonicTime?
    }

    private static let firstWait = Duration.seconds(1)
    private static let longestWait = Duration.seconds(60)

    /// In the order in which they were first lost.
    private var losses: [(processor: String, loss: Loss)] = []

    /// The processors that are lost.
    var lost: [String] { losses.filter { $0.loss.well == nil }.map(\.processor) }

    /// Which processors are lost and why, in words; nil while all are well.
    var words: String? {
        let lost = losses.filter { $0.loss.well == nil }
        return lost.isEmpty ? nil : lost.map { "\($0.processor): \($0.loss.reason)" }.joined(separator: "; ")
    }

    /// When a processor is to be tried next; nil where none is.
    var nextTry: MonotonicTime? { losses.compactMap(\.loss.retry).min() }

    /// Notes that a processor failed, in a run or in a try.
    mutating func fail(_ processor: String, because reason: String, at now: MonotonicTime) {
        guard let index = losses.firstIndex(where: { $0.processor == processor }) else {
            losses.append(
                (processor, Loss(reason: reason, wait: Self.firstWait, retry: now + Self.firstWait, well: nil)))
            return
        }
        var loss = losses[index].loss
        // Another thread's word of the same loss changes nothing.
        if loss.well == nil, loss.retry != nil { return }
        let isLasting = loss.well.map { now - $0 < Self.longestWait } ?? true
        loss.wait = isLasting ? min(loss.wait * 2, Self.longestWait) : Self.firstWait
        (loss.reason, loss.retry, loss.well) = (reason, now + loss.wait, nil)
        losses[index].loss = loss
    }

    /// The processor that is due to be tried, if one is; from then on it counts as being tried, until it fails or
    /// recovers.
    mutating func takeDue(at now: MonotonicTime) -> String? {
        guard let index = losses.firstIndex(where: { $0.loss.retry.map { $0 <= now } ?? false }) else { return nil }
        losses[index].loss.retry = nil
        return losses[index].processor
    }

    /// Notes that a processor works again.
    mutating func recover(_ processor: String, at now: MonotonicTime) {
        guard let index = losses.firstIndex(where: { $0.processor == processor }) else { return }
        (losses[index].loss.retry, losses[index].loss.well) = (nil, now)
    }
}
