import Dispatch
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import Pipelines
import Synchronization

/// Serves a page from a thread of its own, from `start` until `stop`.
final class PageServer: Sendable {
    /// The most connections at once; more wait in the kernel until one is free.
    private static let connections = 128

    private struct State {
        var port: Int?
        var failure: (any Error)?
        var serving: Task<Void, Never>?
    }

    private let address: PageAddress
    private let responder: RouterResponder<PageContext>
    private let certificate: PageCertificate?
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Mutex(State())
    private let started = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)

    /// Prepares a server; with a certificate it speaks TLS alone.
    init(address: PageAddress, router: Router<PageContext>, certificate: PageCertificate?) {
        self.address = address
        self.certificate = certificate
        responder = router.buildResponder()
    }

    /// Serves from now on; blocks until the port is bound.
    ///
    /// - Returns: The port.
    /// - Throws: `DashboardError` when it cannot be bound.
    func start() throws(DashboardError) -> Int {
        let server = HTTPServerBuilder { [certificate] responder in
            let plain = HTTP1Channel(
                responder: responder,
                configuration: .init(
                    additionalChannelHandlers: [RequestLimits()], idleTimeout: RequestLimits.patience,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8 << 10, maxHeaderListSize: RequestLimits.head, maxHeaderFieldCount: 100)))
            guard let certificate else { return plain }
            return EncryptedChannel(base: try TLSChannel(plain, tlsConfiguration: certificate.configuration))
        }
        let application = Application(
            responder: responder, server: server,
            configuration: .init(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connections)),
            onServerRunning: { [self] channel in
                state.withLock { $0.port = channel.localAddress?.port }
                started.signal()
            },
            eventLoopGroupProvider: .shared(group),
            logger: Self.logger)
        let serving = Task { [self] in
            do {
                try await application.run()
            } catch {
                state.withLock { $0.failure = error }
                started.signal()
            }
            stopped.signal()
        }
        state.withLock { $0.serving = serving }
        started.wait()
        let (port, failure) = state.withLock { ($0.port, $0.failure) }
        if let port { return port }
        throw DashboardError(.notBound, "--page \(address): \(Self.words(failure)); choose another address or port")
    }

    /// Serves no more; blocks until all connections are closed.
    func stop() {
        state.withLock(\.serving)?.cancel()
        stopped.wait()
        try? group.syncShutdownGracefully()
    }

    /// Takes what Hummingbird has to say, which is for who looks for a fault: even that it is told to stop is an error
    /// to it.
    private static var logger: Logger {
        var logger = Logger(label: "heed.page")
        if logger.logLevel > .debug { logger.logLevel = .critical }
        return logger
    }

    private static func words(_ failure: (any Error)?) -> String {
        guard let error = failure as? IOError else { return failure.map { "\($0)" } ?? "it has no port" }
        switch error.errnoCode {
        case EADDRINUSE: return "the port is in use, perhaps by another heed"
        case EADDRNOTAVAIL: return "this machine has no such address"
        case EACCES: return "the port is for the superuser only"
        default: return "\(error)"
        }
    }
}
