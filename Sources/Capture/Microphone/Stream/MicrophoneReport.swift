import Synchronization

/// What a microphone has been through so far.
public struct MicrophoneReport: Sendable, Hashable {
    /// Whether sound is coming, or the device is away and looked for.
    public var isRunning = false
    /// Whether for more than five seconds there have been nothing but zeros: the microphone is muted, or there is none
    /// behind the name, as when a sound server has lost its own.
    public var isSilent = false
    /// Frames read from the driver.
    public var frames = 0
    /// Frames that were read but found no room, for their reader was too slow.
    public var framesWithoutRoom = 0
    /// Times at which sound was lost before it was read.
    public var overruns = 0
    /// Times at which the device slept.
    public var suspensions = 0
    /// Times at which the stream was started anew, for whatever reason.
    public var restarts = 0
    /// Times at which the device was opened again.
    public var reopenings = 0
    /// Stamps of the device's that could not be believed.
    public var rejectedStamps = 0
    /// Why the device cannot be opened again, while that is so.
    public var problem: String?
    /// How far the card's clock is off; nil while it is not known.
    public var drift: ClockDrift?
    /// How urgently the capturing thread runs; nil until it does.
    public var priority: ThreadPriority?
}

/// The report as the capturing thread keeps it: numbers that another thread may read at any moment.
final class MicrophoneCounters: Sendable {
    let isRunning = Atomic<Bool>(false)
    let isSilent = Atomic<Bool>(false)
    let frames = Atomic<Int>(0)
    let framesWithoutRoom = Atomic<Int>(0)
    let overruns = Atomic<Int>(0)
    let suspensions = Atomic<Int>(0)
    let restarts = Atomic<Int>(0)
    let reopenings = Atomic<Int>(0)
    let rejectedStamps = Atomic<Int>(0)
    /// Set once, as the thread starts.
    let priority = Mutex<ThreadPriority?>(nil)
    /// Set only where the device is opened again.
    let problem = Mutex<String?>(nil)
    /// No number while it is not known.
    private let drift = Atomic<UInt64>(Double.nan.bitPattern)
    private let driftUncertainty = Atomic<UInt64>(0)

    func tell(_ drift: ClockDrift?) {
        guard let drift else { return }
        driftUncertainty.store(drift.uncertainty.bitPattern, ordering: .relaxed)
        self.drift.store(drift.partsPerMillion.bitPattern, ordering: .relaxed)
    }

    var report: MicrophoneReport {
        let partsPerMillion = Double(bitPattern: drift.load(ordering: .relaxed))
        let uncertainty = Double(bitPattern: driftUncertainty.load(ordering: .relaxed))
        return MicrophoneReport(
            isRunning: isRunning.load(ordering: .relaxed), isSilent: isSilent.load(ordering: .relaxed),
            frames: frames.load(ordering: .relaxed),
            framesWithoutRoom: framesWithoutRoom.load(ordering: .relaxed),
            overruns: overruns.load(ordering: .relaxed), suspensions: suspensions.load(ordering: .relaxed),
            restarts: restarts.load(ordering: .relaxed), reopenings: reopenings.load(ordering: .relaxed),
            rejectedStamps: rejectedStamps.load(ordering: .relaxed),
            problem: problem.withLock { $0 },
            drift: partsPerMillion.isNaN
                ? nil : ClockDrift(partsPerMillion: partsPerMillion, uncertainty: uncertainty),
            priority: priority.withLock { $0 })
    }
}
