/// Which microphone, and how it is to be read.
public struct MicrophoneConfiguration: Sendable, Hashable {
    /// alsa-lib's name of the device: `default`, which other programs can share, or a card's own, such as
    /// `hw:CARD=Loopback,DEV=1`.
    public var device: String
    /// Samples a second; the card's nearest is taken.
    public var rate: Int
    /// Channels; the card's nearest number is taken.
    public var channels: Int
    /// How much sound a wake-up brings: latency.
    public var period: Duration
    /// How late a wake-up may come before sound is lost. It costs memory of the kernel's, not latency.
    public var buffer: Duration
    /// How much sound waits for its reader before what comes is lost.
    public var backlog: Duration

    /// Makes a configuration.
    public init(
        device: String = "default", rate: Int = 48_000, channels: Int = 1, period: Duration = .milliseconds(10),
        buffer: Duration = .milliseconds(500), backlog: Duration = .seconds(10)
    ) {
        self.device = device
        self.rate = rate
        self.channels = channels
        self.period = period
        self.buffer = buffer
        self.backlog = backlog
    }
}
