/// A device of a sound card that captures.
public struct MicrophoneDescription: Sendable, Hashable {
    /// alsa-lib's name, which stays the same when cards come and go: `hw:CARD=Loopback,DEV=1`.
    public var name: String
    /// The card in words: `HDA Intel PCH`.
    public var card: String
    /// The device in words: `ALC257 Analog`.
    public var device: String
    /// The card's number at the moment.
    public var cardNumber: Int
    /// The device's number on its card.
    public var deviceNumber: Int
    /// How many programs the device can serve at once without a sound server.
    public var capacity: Int
    /// Who has it open; told by the kernel, of whatever user.
    public var holders: [DeviceHolder]
    /// Why this user may not open it, and what to do; nil where that is allowed.
    public var problem: CaptureError?

    /// Whether nobody else can open it now.
    public var isBusy: Bool { holders.count >= capacity }

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

/// Finds microphones: reads `/proc/asound`, opens no device, disturbs nobody.
public enum Microphones {
    /// All of this machine's, in the order of their numbers.
    public static func all() -> [MicrophoneDescription] { all(in: DeviceTree()) }

    static func all(in tree: DeviceTree) -> [MicrophoneDescription] {
        cards(tree.text("/proc/asound/cards") ?? "").flatMap { card in
            tree.names(in: "/proc/asound/card\(card.number)").compactMap { name in
                captureDevice(name).flatMap { describe($0, of: card, in: tree) }
            }.sorted { $0.deviceNumber < $1.deviceNumber }
        }
    }

    struct Card: Hashable {
        var number: Int
        var identifier: String
        var name: String
    }

    /// The cards that a text such as ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH` lists; other lines say more of
    /// the card above them.
    static func cards(_ text: String) -> [Card] {
        text.split(separator: "\n").compactMap { line in
            guard let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]"),
                let number = Int(line[..<open].filter { !$0.isWhitespace })
            else { return nil }
            let identifier = line[line.index(after: open)..<close].filter { !$0.isWhitespace }
            let rest = line[close...]
            let dash = rest.firstRange(of: " - ")
            let name = dash.map { rest[$0.upperBound...] } ?? line[open...]
            return Card(number: number, identifier: String(identifier), name: String(name))
        }
    }

    /// The device's number in a name such as `pcm1c`; nil for what does not capture.
    private static func captureDevice(_ name: String) -> Int? {
        guard name.hasPrefix("pcm"), name.hasSuffix("c") else { return nil }
        return Int(name.dropFirst(3).dropLast())
    }

    private static func describe(_ device: Int, of card: Card, in tree: DeviceTree) -> MicrophoneDescription? {
        let folder = "/proc/asound/card\(card.number)/pcm\(device)c"
        guard let text = tree.text(folder + "/info") else { return nil }
        let info = fields(text)
        let threads = tree.names(in: folder).filter { $0.hasPrefix("sub") }.compactMap { substream in
            fields(tree.text("\(folder)/\(substream)/status") ?? "")["owner_pid"].flatMap { Int($0) }
        }
        return MicrophoneDescription(
            name: "hw:CARD=\(card.identifier),DEV=\(device)", card: card.name,
            device: info["name"].flatMap { $0.isEmpty ? nil : $0 } ?? info["id"] ?? "", cardNumber: card.number,
            deviceNumber: device, capacity: max(1, info["subdevices_count"].flatMap { Int($0) } ?? 1),
            holders: threads.map { DeviceHolder(thread: $0, in: tree) },
            problem: DevicePermission.problem(with: "/dev/snd/pcmC\(card.number)D\(device)c", in: tree))
    }

    /// The values of lines such as `owner_pid   : 812`.
    private static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = line[..<colon].filter { !$0.isWhitespace }
            fields[String(key)] = String(line[line.index(after: colon)...].drop { $0.isWhitespace })
        }
        return fields
    }
}
