import HTTPTypes
import Logging
import Synchronization

/// Says whose requests were refused: once for each viewer and reason, and not without end.
final class RefusalLog: Sendable {
    private struct Refusal: Hashable {
        let viewer: String
        let reason: String
    }

    /// The most that are said; those after them are for who looks for a fault.
    private static let most = 64
    private let logger: Logger
    private let said = Mutex<Set<Refusal>>([])

    init(logger: Logger) { self.logger = logger }

    func note(_ status: HTTPResponse.Status, _ reason: String, to viewer: String, for path: String) {
        let isNew = said.withLock { said in
            said.count < Self.most && said.insert(Refusal(viewer: viewer, reason: reason)).inserted
        }
        logger.log(
            level: isNew ? .notice : .debug, "page: \(viewer) was refused: \(reason)",
            metadata: [
                "viewer": "\(viewer)", "status": .stringConvertible(status.code), "path": "\(path.prefix(100))",
            ])
    }
}
