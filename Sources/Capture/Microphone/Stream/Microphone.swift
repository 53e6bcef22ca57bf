public import Media

/// What a microphone brings.
public enum SoundEvent: Sendable, Hashable {
    /// Sound.
    case sound(SoundBlock)
    /// Sound that is missing; comes before the sound that follows it, or last of all.
    case gap(SoundGap)
}

/// A microphone that is open: a thread of its own captures, one other thread takes what it brings.
///
/// ```
/// let microphone = try Microphone(MicrophoneConfiguration(device: "hw:CARD=Loopback,DEV=1"))
/// try microphone.start()
/// while let event = microphone.next(waiting: .seconds(1)) { … }
/// microphone.stop()
/// ```
/// When the device goes away the microphone looks for it until it is back, and tells the outage as a gap.
public final class Microphone: @unchecked Sendable {
    // `thread` is touched by `start`, `stop` and `deinit` alone, which are the owner's; the loop and its ring have
    // rules of their own.

    /// The sound's format.
    public let format: SoundFormat
    /// How many frames the driver brings at once.
    public let periodFrames: Int
    /// How many frames the driver keeps until they are read.
    public let bufferFrames: Int
    private let loop: MicrophoneLoop
    private var thread: CaptureThread?

    /// Opens a microphone; it captures nothing before `start`.
    ///
    /// - Throws: `CaptureError`: `.notFound`, `.busy` (with who uses it), `.denied` (with the command that helps),
    ///   `.notOffered`, `.failed`.
    public init(_ configuration: MicrophoneConfiguration) throws(CaptureError) {
        let (stream, setting) = try OpenMicrophone.open(configuration)
        format = setting.format
        periodFrames = setting.periodFrames
        bufferFrames = setting.bufferFrames
        do throws(SystemCallError) {
            loop = try MicrophoneLoop(configuration, stream: stream, setting: setting)
        } catch {
            ALSA.close(stream)
            throw CaptureError(configuration.device, lacks: error)
        }
    }

    deinit { stop() }

    /// Starts to capture. To be called once.
    public func start() throws(CaptureError) {
        precondition(thread == nil, "a microphone starts once")
        do throws(SystemCallError) {
            thread = try CaptureThread(name: "heed-microphone") { [loop] in loop.run() }
        } catch {
            throw CaptureError("microphone", lacks: error)
        }
    }

    /// Ends the capture and closes the device; what was captured can still be taken, and last the gap of a device that
    /// is away.
    public func stop() {
        loop.stopping.ring()
        thread.take()?.join()
    }

    /// Takes the oldest event; waits for one, but not longer than `limit`. Nil when none came, or after `stop` none is
    /// left. To be called on one thread at a time.
    public func next(waiting limit: Duration) -> SoundEvent? {
        let end = MonotonicTime.now() + limit
        while true {
            if let event = take() { return event }
            let left = end - .now()
            guard left > .zero else { return nil }
            loop.arrived.wait(left)
            loop.arrived.silence()
        }
    }

    /// What the microphone has been through.
    public var report: MicrophoneReport { loop.counters.report }

    private func take() -> SoundEvent? {
        loop.ring.take { entry, bytes in
            switch entry.kind {
            case .sound:
                let count = Int(entry.frames) * format.frameByteCount
                return .sound(
                    SoundBlock(
                        position: entry.position, frames: Int(entry.frames), captured: entry.time,
                        timeQuality: entry.quality, rate: entry.rate,
                        bytes: [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))))
            case .gap(let reason):
                return .gap(
                    SoundGap(
                        reason: reason, position: entry.position, frames: entry.frames, begins: entry.time,
                        duration: entry.duration))
            }
        }
    }
}
