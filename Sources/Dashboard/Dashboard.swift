import Hummingbird
public import Logging
public import Pipelines
import Synchronization

/// A run in a browser: served from `init` until `close`, beside the run and without holding it up.
///
/// Made before the run is loaded, so that a port in use is known at once; `begin` shows the run, `end` its end.
public final class Dashboard: Sendable {
    /// The address to open, with the token where one was made for this run: one from a file is known, and not shown.
    public let url: String
    private let hub: EventHub
    private let book = RunBook()
    private let desk: RunDesk
    private let preview = PreviewFeed()
    private let encoder: PreviewEncoder
    private let server: PageServer
    private let ticking: Task<Void, Never>

    /// Serves a page; blocks until its port is bound.
    ///
    /// - Parameters:
    ///   - version: heed's version, for people to see.
    ///   - logger: Told who changes what, and who is refused.
    /// - Throws: `DashboardError` when the address is in use or not this machine's, or the file of the token, the
    ///   certificate or its key is not fit.
    public init(_ page: PipelineConfiguration.Page, version: String, logger: Logger = Logger(label: "heed"))
        throws(DashboardError)
    {
        var token: PageToken?
        if let file = page.tokenFile {
            token = try PageToken(file: file)
        } else if !page.address.isLoopback {
            token = PageToken()
        }
        let certificate = try page.certificate.map { files throws(DashboardError) in try PageCertificate(files) }
        let hub = EventHub()
        let desk = RunDesk(version: version, book: book, hub: hub, logger: logger)
        let register = ViewerRegister()
        let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
        let rules = PageRules(address: page.address, token: token, isEncrypted: certificate != nil)
        router.add(middleware: PageGuard(rules: rules, refusals: RefusalLog(logger: logger)))
        PageRoutes(desk: desk, register: register).add(to: router)
        LiveRoutes(desk: desk, hub: hub, preview: preview, register: register).add(to: router)
        server = PageServer(address: page.address, router: router, certificate: certificate)
        let port = try server.start()
        self.hub = hub
        self.desk = desk
        var address = page.address
        address.port = port
        let shownToken = page.tokenFile == nil ? token : nil
        url = "\(certificate == nil ? "http" : "https")://\(address)/" + (shownToken.map { "?token=\($0.text)" } ?? "")
        encoder = PreviewEncoder(feed: preview)
        ticking = Task {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                let viewers = register.counts.now
                if viewers > 0 { hub.publish(.stats, desk.figures(viewers: viewers).json) }
            }
        }
    }

    /// What takes the run's results to viewers; quick, and never waits for one.
    public var sink: any ResultSink { HubSink(hub: hub, book: book) }
    /// What takes frames to viewers.
    public var viewer: any FrameViewer { encoder }

    /// A logger that says what this one says to viewers as well, as far as a person should know of it.
    public func showing(_ logger: Logger) -> Logger {
        Logger(label: logger.label) { _ in MultiplexLogHandler([logger.handler, HubLogHandler(hub: hub)]) }
    }

    /// Shows a run, and lets viewers change it.
    public func begin(_ run: RunDescription, _ controls: RunControls) { desk.begin(run, controls) }

    /// Says that the run is over; what was recognised stays to be seen.
    public func end() { desk.end() }

    /// Serves no more; blocks until viewers are gone.
    public func close() {
        ticking.cancel()
        hub.close()
        preview.close()
        encoder.stop()
        server.stop()
    }
}
