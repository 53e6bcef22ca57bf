import Capture
import Media
import Units

/// Turns the phases of a camera's connection into what a person should know of it: that it is away, why, and that it is
/// back. Pure: a status and the time go in, a line comes out.
struct CameraNews {
    /// When the outage began that goes on, and what was last said of it.
    private var outage: (since: MonotonicTime, said: String)?
    private let name: String

    /// Whether it is away.
    var isAway: Bool { outage != nil }

    /// Begins with a camera that streams.
    init(_ status: CameraStatus) { name = status.device?.path ?? "camera" }

    /// Takes in a status; a line when there is news.
    mutating func take(_ status: CameraStatus, at now: MonotonicTime = .now()) -> String? {
        switch status.phase {
        case .streaming:
            guard let began = outage?.since else { return nil }
            outage = nil
            let path = status.device?.path ?? name
            return "\(path): back after \((now - began).words), \(status.modeInForce)"
        case .probing, .negotiating, .finished: return nil
        case .restarting: return begin("no frames come; its stream is started anew", now)
        case .closing: return begin(status.loss?.words ?? "its stream has ended", now)
        case .waiting:
            guard let error = status.error, error.code != .notFound else { return nil }
            return begin(error.message, now)
        }
    }

    private mutating func begin(_ words: String, _ now: MonotonicTime) -> String? {
        guard outage?.said != words else { return nil }
        outage = (outage?.since ?? now, words)
        return words.hasPrefix(name) ? words : "\(name): \(words)"
    }
}

extension CameraConnection.Loss {
    /// Why a stream ended, and what happens now.
    fileprivate var words: String {
        switch self {
        case .disconnected: "the camera is gone; heed goes on when it is back"
        case .stalled: "no frames come any more; heed opens it anew"
        case .errors: "only damaged frames come; heed opens it anew"
        }
    }
}
