/// Frames of a camera that are not there, and why.
public enum MissingFrames: Sendable, Hashable {
    /// Why frames were lost.
    public enum Loss: String, Sendable, Hashable, Codable, CaseIterable {
        /// The driver counted them and did not deliver them.
        case driver
        /// They came, but the recorder had no room left.
        case recorderTooSlow
    }

    /// Frames that were lost, by their numbers.
    case lost(first: Int, count: Int, Loss)
    /// A frame whose picture is of no use.
    case damaged(number: Int, captured: MonotonicTime, FrameDamage)
    /// A good frame that nobody took in time.
    case superseded(number: Int, captured: MonotonicTime)
    /// The camera was away; `count` is what it would have delivered meanwhile.
    case outage(first: Int, count: Int, from: MonotonicTime, to: MonotonicTime)
    /// Frames of which only these counts are known.
    case uncounted(superseded: Int, damaged: Int, lost: Int)
}

extension MissingFrames {
    /// How many frames they are.
    public var count: Int {
        switch self {
        case .lost(_, let count, _), .outage(_, let count, _, _): count
        case .damaged, .superseded: 1
        case .uncounted(let superseded, let damaged, let lost): superseded + damaged + lost
        }
    }
}

extension MissingFrames {
    /// The same with other numbers and times: on another run's timeline.
    public func moved(numbers: Int = 0, times: Duration = .zero) -> MissingFrames {
        switch self {
        case .lost(let first, let count, let loss): .lost(first: first + numbers, count: count, loss)
        case .damaged(let number, let captured, let damage):
            .damaged(number: number + numbers, captured: captured + times, damage)
        case .superseded(let number, let captured):
            .superseded(number: number + numbers, captured: captured + times)
        case .outage(let first, let count, let from, let to):
            .outage(first: first + numbers, count: count, from: from + times, to: to + times)
        case .uncounted: self
        }
    }
}

extension MissingFrames: CustomStringConvertible {
    /// What happened, in words, for a result.
    public var description: String {
        switch self {
        case .lost(_, _, .driver): "the driver lost it"
        case .lost(_, _, .recorderTooSlow): "the recorder had no room for it"
        case .damaged(_, _, let damage): damage.description
        case .superseded: "a newer frame took its place"
        case .outage: "the camera was away"
        case .uncounted: "nobody took it in time"
        }
    }
}
