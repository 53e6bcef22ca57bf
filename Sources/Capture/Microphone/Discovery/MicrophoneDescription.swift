/// A device of a sound card that captures.
public struct MicrophoneDescription: Sendable, Hashable {
    /// alsa-lib's name, which stays the same when cards come and go: `hw:CARD=Loopback,DEV=1`.
    public var name: String
    /// The card in words: `HDA Intel PCH`.
    public var card: String
    /// The device in words: `ALC257 Analog`; empty where the kernel's words cannot be read.
    public var device: String
    /// The card's number at the moment.
    public var cardNumber: Int
    /// The device's number on its card.
    public var deviceNumber: Int
    /// How many programs the device can serve at once without a sound server.
    public var capacity: Int
    /// Who has it open.
    public var holders: [DeviceHolder]
    /// Why this user may not open it, and what to do; nil where that is allowed.
    public var problem: CaptureError?

    /// The device's node at the moment: `/dev/snd/pcmC0D1c`.
    public var node: String { Self.node(card: cardNumber, device: deviceNumber) }
    /// Whether nobody else can open it now.
    public var isBusy: Bool { holders.count >= capacity }

    static func node(card: Int, device: Int) -> String { "/dev/snd/pcmC\(card)D\(device)c" }

    /// Whether a name such as `plughw:1,0` or `hw:CARD=PCH` means this device.
    func matches(_ name: String) -> Bool {
        guard let colon = name.firstIndex(of: ":") else { return false }
        var card = "0"
        var device = "0"
        for (index, field) in name[name.index(after: colon)...].split(separator: ",").enumerated() {
            let parts = field.split(separator: "=", maxSplits: 1)
            switch (parts.count == 2 ? parts[0] : "", index) {
            case ("CARD", _), ("", 0): card = String(parts.last ?? "")
            case ("DEV", _), ("", 1): device = String(parts.last ?? "")
            default: break
            }
        }
        return (card == String(cardNumber) || self.name.hasPrefix("hw:CARD=\(card),")) && device == String(deviceNumber)
    }
}
