import Media

/// How a camera is to be used.
public struct CameraSettings: Sendable {
    /// The camera: a stable link such as `/dev/v4l/by-id/…`, or a node; nil takes the first there is.
    public var device: String?
    /// What is wanted of it.
    public var wish: CameraWish
    /// How frames are kept until they are taken.
    public var keeping: FrameKeeping
    /// The driver's buffers to ask for; it may give more or fewer.
    public var bufferCount: Int
    /// The copies that may be lent besides the driver's buffers.
    public var poolCount: Int
    /// Whether the camera is told to keep its rate in dim light rather than to expose longer; where it can be told, it
    /// keeps that setting for whoever uses it next.
    public var holdsRate: Bool
    /// Where devices are.
    public var tree: DeviceTree

    /// Makes settings.
    public init(
        device: String? = nil, wish: CameraWish = CameraWish(), keeping: FrameKeeping = .newest, bufferCount: Int = 4,
        poolCount: Int = 4, holdsRate: Bool = false, tree: DeviceTree = DeviceTree()
    ) {
        self.device = device
        self.wish = wish
        self.keeping = keeping
        self.bufferCount = bufferCount
        self.poolCount = poolCount
        self.holdsRate = holdsRate
        self.tree = tree
    }
}

/// A camera that streams, and comes back by itself when it was away.
///
/// Capture runs on a thread of its own. What happens is taken, in order, by one other thread through `next`; frames are
/// leases, and what is not taken in time is told as superseded.
public final class Camera: Sendable {
    private let mailbox: CameraMailbox
    private let stopSignal: StopSignal

    /// Starts to look for the camera and to stream from it.
    ///
    /// A camera that is absent, busy or forbidden is no error here: it is told by `.connection`, and tried again.
    ///
    /// - Throws: `.failed` when the process has no room for a thread or a file.
    public convenience init(_ settings: CameraSettings) throws(CaptureError) {
        try self.init(keeping: settings.keeping) { mailbox, stopSignal in
            var driver = CameraDriver(settings, mailbox: mailbox, stop: stopSignal)
            driver.run()
        }
    }

    /// Starts the thread that does `capture`: it leaves what happens in the mailbox until it is asked to stop.
    init(
        keeping: FrameKeeping, capture: @escaping @Sendable (CameraMailbox, StopSignal) -> Void
    ) throws(CaptureError) {
        do throws(SystemCallError) {
            let mailbox = try CameraMailbox(keeping: keeping)
            let stopSignal = try StopSignal()
            self.mailbox = mailbox
            self.stopSignal = stopSignal
            _ = try CaptureThread(name: "heed-camera") { capture(mailbox, stopSignal) }
        } catch {
            throw CaptureError("camera", lacks: error)
        }
    }

    deinit { stopSignal.stop() }

    /// Takes the next event, waiting for one at most `patience`; nil when none came. For one thread at a time.
    ///
    /// After `.ended` there is nothing more to take.
    public func next(within patience: Duration) throws(CaptureError) -> CameraEvent? {
        do throws(SystemCallError) {
            return try mailbox.next(until: .now() + patience)
        } catch {
            throw CaptureError("camera", lacks: error)
        }
    }

    /// Asks the camera to end; what waits can still be taken, up to `.ended`. A camera that is away then tells what it
    /// has not delivered since it went. On any thread.
    public func stop() { stopSignal.stop() }
}
