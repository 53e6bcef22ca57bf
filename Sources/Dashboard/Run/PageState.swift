import Alert
import Pipelines
import Units

/// The run's state as `GET /api/state` tells it.
struct PageState: Encodable {
    struct Goal: Encodable {
        var deadline: Double
        var minimize: String
        var accuracy: Double?
        var energy: Double?
        var confidence: Double

        enum CodingKeys: String, CodingKey {
            case deadline = "deadline_ms"
            case minimize, confidence
            case accuracy = "min_accuracy"
            case energy = "max_energy_j"
        }
    }

    struct Queue: Encodable {
        var depth, capacity: Int
    }

    struct Stream: Encodable {
        var id: String
        var source: String
        var candidates: [String]
        var goal: Goal
        var policy: String
        var policies: [String]
        var queue: Queue
    }

    struct Replay: Encodable {
        var isPaused: Bool
        var canStep = true

        enum CodingKeys: String, CodingKey {
            case isPaused = "paused"
            case canStep = "can_step"
        }
    }

    /// Something that was changed while the run went on.
    struct Change: Encodable {
        /// When, by the wall clock (ISO 8601).
        var at: String
        /// Whose address asked for it.
        var who: String
        /// What is other than before.
        var what: String
    }

    var version: String
    var name: String?
    var pace: String?
    var recording: String?
    var started: Int64?
    var now: Int64
    var streams: [Stream]
    var replay: Replay?
    var changes: [Change]
    var isEnded: Bool

    enum CodingKeys: String, CodingKey {
        case version, name, pace, recording, streams, replay, changes
        case started = "started_ns"
        case now = "now_ns"
        case isEnded = "ended"
    }
}

extension PageState.Goal {
    init(_ goal: Alert.Goal) {
        deadline = goal.deadline.milliseconds
        confidence = goal.confidence
        switch goal.objective {
        case .minimizeError(let bound): (minimize, energy) = ("error", bound?.value)
        case .minimizeEnergy(let bound): (minimize, accuracy) = ("energy", bound)
        }
    }
}

extension PageState.Stream {
    init(_ controls: StreamControls) {
        id = controls.stream.rawValue
        source = controls.source
        candidates = controls.candidates
        goal = PageState.Goal(controls.goal)
        policy = controls.policy
        policies = Policies.names
        queue = PageState.Queue(depth: controls.queueDepth, capacity: controls.queueCapacity)
    }
}
