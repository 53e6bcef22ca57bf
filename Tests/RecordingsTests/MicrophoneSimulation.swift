import Media
import Units

/// A microphone whose clock may be off: blocks of sound with the times at which a driver would have stamped them.
struct MicrophoneSimulation {
    let format: SoundFormat
    /// What the card's clock is off by: 0.001 is 0.1 % fast.
    var drift = 0.0
    /// When frame 0 was captured.
    var start = MonotonicTime(nanoseconds: 5_000_000_000_123)
    private(set) var position: Int64 = 0

    init(_ format: SoundFormat, drift: Double = 0) {
        self.format = format
        self.drift = drift
    }

    /// Frames a second by the system's clock.
    var rate: Double { Double(format.rate) * (1 + drift) }

    /// When a frame was captured.
    func time(of frame: Int64) -> MonotonicTime { start + .nanoseconds(Int64((Double(frame) / rate * 1e9).rounded())) }

    /// The next block; each channel has `sound` of the true time in seconds, from −1 to 1.
    mutating func block(_ frames: Int, _ sound: (Double) -> Double) -> SoundBlock {
        let samples = (0..<frames).flatMap { frame in
            Array(repeating: sound(Double(position + Int64(frame)) / rate), count: format.channels)
        }
        let block = SoundBlock(
            position: position, frames: frames, captured: time(of: position), timeQuality: .device, rate: rate,
            bytes: format.encoding.bytes(of: samples))
        position += Int64(frames)
        return block
    }

    /// Sound that is missing.
    mutating func gap(_ frames: Int, _ reason: SoundGap.Reason) -> SoundGap {
        let begins = time(of: position)
        let first = position
        position += Int64(frames)
        return SoundGap(
            reason: reason, position: first, frames: Int64(frames), begins: begins,
            duration: time(of: position) - begins)
    }
}

extension SoundFormat.Encoding {
    /// Samples from −1 to 1 as a card writes them.
    func bytes(of samples: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * byteCount)
        for sample in samples {
            let bits: UInt32 =
                switch self {
                case .signed16: UInt32(bitPattern: Int32((sample * 32767).rounded()))
                case .signed24: UInt32(bitPattern: Int32((sample * 8_388_607).rounded()))
                case .signed32: UInt32(bitPattern: Int32((sample * 2_147_483_647).rounded()))
                case .float32: Float(sample).bitPattern
                }
            for byte in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(byte)))) }
        }
        return bytes
    }
}
