import Glibc

/// Notices digital silence: zeros only, which no microphone that is switched on gives, for even a quiet room has noise.
///
/// A pure value; no allocation.
struct SilenceCheck: Hashable {
    /// The frames of zeros in a row after which it is silent.
    let limit: Int
    private var zeros = 0

    /// Makes a check for silence of more than five seconds.
    init(rate: Int) { limit = 5 * rate }

    /// Whether there have been only zeros for longer than the limit.
    var isSilent: Bool { zeros > limit }

    /// Takes in the bytes of so many frames.
    mutating func take(_ bytes: UnsafeRawBufferPointer, frames: Int) {
        zeros = Self.isZero(bytes) ? min(zeros + frames, limit + 1) : 0
    }

    /// Begins anew: what comes next is another stretch of sound.
    mutating func restart() { zeros = 0 }

    /// Each byte is like the one after it, and the first is zero; in the C library's quickest way.
    private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
        return bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
    }
}
