/// How sound lies in memory: samples of all channels in turn, in the encoding the card gives.
public struct SoundFormat: Sendable, Hashable, CustomStringConvertible {
    /// How one sample of one channel is written; all little-endian.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// Whole numbers of 16 bits.
        case signed16
        /// Whole numbers of 32 bits, of which the card may leave the lowest zero.
        case signed32
        /// Whole numbers of 24 bits in three bytes.
        case signed24
        /// Numbers from −1 to 1.
        case float32

        /// Bytes a sample.
        public var byteCount: Int {
            switch self {
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            }
        }
    }

    /// Samples a second of one channel, as the card names it; what it truly gives differs a little.
    public var rate: Int
    /// Samples taken at once.
    public var channels: Int
    /// How a sample is written.
    public var encoding: Encoding

    /// Makes a format.
    public init(rate: Int, channels: Int, encoding: Encoding) {
        self.rate = rate
        self.channels = channels
        self.encoding = encoding
    }

    /// Bytes a frame: one sample of each channel.
    public var frameByteCount: Int { channels * encoding.byteCount }

    /// The format in words, such as `48000 Hz, 2 channels, signed16`.
    public var description: String {
        "\(rate) Hz, \(channels) \(channels == 1 ? "channel" : "channels"), \(encoding.rawValue)"
    }
}
