import Glibc
import Media

/// Does what a connection's state machine says, on the camera's own thread.
struct CameraDriver: ~Copyable {
    /// How long a lost device stays open for the sake of what is lent.
    static let patience: Duration = .seconds(2)

    private let settings: CameraSettings
    private let mailbox: CameraMailbox
    private let stopSignal: StopSignal
    private var connection = CameraConnection()
    private var identity: CameraIdentity
    private var camera: OpenCamera?
    private var loop: CaptureLoop<V4L2>?
    private var watch: DeviceWatch?
    private var choices: [ModeChoice] = []
    private var nextNumber = 0
    /// When the last frame before an outage that goes on was captured.
    private var outageSince: MonotonicTime?
    /// The time between two frames, as agreed on last.
    private var frameTime: Duration?
    private var priority: ThreadPriority = .ordinary
    private var error: CaptureError?
    private var choice: ModeChoice?
    private var interval: FrameInterval?
    private var size: PictureSize?

    init(_ settings: CameraSettings, mailbox: CameraMailbox, stop: StopSignal) {
        self.settings = settings
        self.mailbox = mailbox
        stopSignal = stop
        identity = CameraIdentity(requested: settings.device)
    }

    /// Runs until it is asked to stop.
    mutating func run() {
        priority = ThreadPriority.pictures.apply()
        var action = connection.handle(.begin, now: .now())
        while let next = action, next != .finish {
            tell()
            let event = perform(next)
            action = connection.handle(event, now: .now())
        }
        tellOutage()
        tell()
        mailbox.end()
    }

    private mutating func perform(_ action: CameraConnection.Action) -> CameraConnection.Event {
        switch action {
        case .probe: probe()
        case .negotiate(let attempt): negotiate(attempt)
        case .stream: stream()
        case .restart: restart()
        case .close: close()
        case .wait(let until): wait(until)
        case .finish: .stop
        }
    }

    private mutating func tell() {
        let streams = connection.phase == .streaming
        mailbox.post(
            .event(
                .connection(
                    CameraStatus(
                        phase: connection.phase, loss: connection.loss, error: streams ? nil : error,
                        device: identity.found, choice: choice, interval: interval, size: size, priority: priority))))
    }

    /// Tells what a camera that is away in the end has not delivered: no frame comes before which the loop would.
    private func tellOutage() {
        guard let outageSince, let frameTime else { return }
        mailbox.post(
            .event(.missing(.away(first: nextNumber, from: outageSince, to: .now(), interval: frameTime))))
    }

    private mutating func probe() -> CameraConnection.Event {
        // Watched before it is looked for, so that nothing that happens in between is missed.
        watch = DeviceWatch(["/dev", "/dev/v4l"] + CameraNode.linkFolders, tree: settings.tree) {
            $0.contains("video") || $0.hasPrefix("v4l") || $0.hasPrefix("by-")
        }
        do throws(CaptureError) {
            let found = try identity.open(in: settings.tree)
            var wish = settings.wish
            wish.bandwidth = wish.bandwidth ?? found.node.bandwidth
            choices = try ModeChoice.ranked(try found.offers(near: wish.size), for: wish)
            identity.fix(on: found.node)
            camera = consume found
            return .opened
        } catch {
            return refuse(error)
        }
    }

    private mutating func refuse(_ error: CaptureError) -> CameraConnection.Event {
        self.error = error
        return switch error.code {
        case .notFound: .refused(.absent)
        case .busy: .refused(.busy)
        case .denied: .refused(.denied)
        case .noBandwidth: .refused(.bandwidth)
        default: .refused(.failed)
        }
    }

    private mutating func negotiate(_ attempt: Int) -> CameraConnection.Event {
        do throws(CaptureError) {
            guard attempt < choices.count, let calls = camera?.calls, let node = camera?.node else {
                throw error ?? CaptureError(.noBandwidth, "the bus has no room for any of the camera's modes")
            }
            choice = choices[attempt]
            do throws(SystemCallError) {
                try settle(choices[attempt], calls, node)
                try loop?.start()
            } catch {
                loop = nil
                _ = try? calls.requestBuffers(0)
                throw explain(error, choices[attempt], node)
            }
            return .negotiated
        } catch {
            return refuse(error)
        }
    }

    /// Settles format, interval and buffers; the loop then waits to be started.
    private mutating func settle(_ choice: ModeChoice, _ calls: V4L2, _ node: CameraNode) throws(SystemCallError) {
        let taken = try calls.setFormat(choice.mode.code, choice.mode.size)
        guard taken.code == choice.mode.code, let shape = FrameShape(taken) else {
            throw SystemCallError(call: "VIDIOC_S_FMT", number: EINVAL)
        }
        let wanted = choice.mode.interval ?? FrameInterval(rate: settings.wish.rate)
        interval = try calls.setInterval(wanted)
        if settings.holdsRate { _ = calls.holdRate() }
        size = shape.size
        let count = min(try calls.requestBuffers(settings.bufferCount), BufferBook.limit)
        guard count > 0 else { throw SystemCallError(call: "VIDIOC_REQBUFS", number: ENOMEM) }
        let converter = shape.isConverted ? try PictureConverter(taken, to: shape) : nil
        var mapped: [UnsafeMutableRawBufferPointer] = []
        do throws(SystemCallError) {
            for index in 0..<count { mapped.append(try calls.mapBuffer(index)) }
        } catch {
            for bytes in mapped { munmap(bytes.baseAddress, bytes.count) }
            throw error
        }
        let memory = CameraMemory(
            shape: shape, mapped: mapped, poolCount: settings.poolCount, converter: converter, bell: stopSignal.bell,
            unmap: { munmap($0.baseAddress, $0.count) })
        let frameTime = (interval ?? wanted).duration
        self.frameTime = frameTime
        loop = CaptureLoop(
            port: calls, memory: memory, mailbox: mailbox, stop: stopSignal, keeping: settings.keeping,
            interval: frameTime, first: nextNumber, since: outageSince)
    }

    private func explain(_ error: SystemCallError, _ choice: ModeChoice, _ node: CameraNode) -> CaptureError {
        switch error.number {
        case EBUSY: DeviceHolders(tree: settings.tree).explain(busy: node.path)
        case ENOSPC:
            CaptureError(
                .noBandwidth,
                "\(node.path): the USB bus has no room for \(choice.mode). Take a smaller size or rate, JPEG, or a "
                    + "connector of another controller.")
        case EINVAL where error.call == "VIDIOC_S_FMT":
            CaptureError(.failed, "\(node.path): offers \(choice.mode) but does not take it. Choose another format.")
        default: OpenCamera.failed(error, node)
        }
    }

    private mutating func stream() -> CameraConnection.Event {
        error = nil
        switch loop?.run() {
        case .lost(let loss, let frames)?: return .lost(loss, frames: frames)
        case .stopped?, nil: return .stop
        }
    }

    private mutating func restart() -> CameraConnection.Event {
        do throws(SystemCallError) {
            try loop?.restart()
            return .restarted
        } catch {
            return .refused(.failed)
        }
    }

    private mutating func close() -> CameraConnection.Event {
        if let calls = camera?.calls { try? calls.stop() }
        waitForLent()
        if let next = loop?.next {
            nextNumber = next
            outageSince = loop?.outageSince
        }
        loop = nil
        camera = nil
        return .closed
    }

    /// As long as a frame of the device's own memory is lent, the kernel keeps the device, and gives another number to
    /// one that comes back.
    private mutating func waitForLent() {
        let deadline = MonotonicTime.now() + Self.patience
        while loop?.isAllBack == false, .now() < deadline {
            _ = try? Kernel.poll(stopSignal.bell.file, -1, milliseconds: 20)
            stopSignal.bell.silence()
        }
    }

    private mutating func wait(_ until: MonotonicTime) -> CameraConnection.Event {
        guard !stopSignal.isStopped, let watch else { return .stop }
        let wake = (try? watch.wait(until: until, bell: stopSignal.bell)) ?? .elapsed
        if stopSignal.isStopped { return .stop }
        return wake == .changed ? .changed : .elapsed
    }
}
