/// Finds microphones: reads what the kernel tells of sound cards, opens no device, disturbs nobody.
public enum Microphones {
    /// All of a machine's microphones, in the order of their cards.
    public static func all(in tree: DeviceTree = DeviceTree()) -> [MicrophoneDescription] {
        let microphones = SoundCard.all(in: tree).flatMap { card in
            card.captureDevices(in: tree).map { describe($0, of: card, in: tree) }
        }
        guard microphones.contains(where: { $0.device.isEmpty }) else { return microphones }
        // Where the kernel's list of users is hidden, open files tell who they are, as far as they may be seen.
        let holders = DeviceHolders(tree: tree)
        return microphones.map { microphone in
            var microphone = microphone
            if microphone.device.isEmpty { microphone.holders = holders.of(microphone.node) }
            return microphone
        }
    }

    /// What was looked for and what to do where no microphone was found.
    public static func nothingFound(in tree: DeviceTree = DeviceTree()) -> CaptureError {
        let cards = SoundCard.all(in: tree)
        guard cards.isEmpty else {
            let names = cards.map { "\($0.identifier) (\($0.name))" }.joined(separator: ", ")
            return CaptureError(
                .notFound,
                "no microphone: of the sound cards none captures; found: \(names). Plug in a microphone that has a "
                    + "card of its own, such as a USB one, or choose a card profile with an input in `pavucontrol`.")
        }
        return CaptureError(
            .notFound,
            "no microphone: neither /proc/asound/cards nor /sys/class/sound lists a sound card. Plug one in, and see "
                + "whether `lsusb` lists it; if so, `sudo modprobe snd-usb-audio` loads the driver. In a container, "
                + "pass it through with `--device /dev/snd`; in a virtual machine, attach it.")
    }

    private static func describe(_ device: Int, of card: SoundCard, in tree: DeviceTree) -> MicrophoneDescription {
        let folder = "/proc/asound/card\(card.number)/pcm\(device)c"
        let info = fields(tree.text(folder + "/info") ?? "")
        let threads = tree.names(in: folder).filter { $0.hasPrefix("sub") }.compactMap { substream in
            fields(tree.text("\(folder)/\(substream)/status") ?? "")["owner_pid"].flatMap { Int($0) }
        }
        return MicrophoneDescription(
            name: "hw:CARD=\(card.identifier),DEV=\(device)", card: card.name,
            device: info["name"].flatMap { $0.isEmpty ? nil : $0 } ?? info["id"] ?? "", cardNumber: card.number,
            deviceNumber: device, capacity: max(1, info["subdevices_count"].flatMap { Int($0) } ?? 1),
            holders: threads.map { DeviceHolder(thread: $0, in: tree) },
            problem: DevicePermission.problem(
                with: MicrophoneDescription.node(card: card.number, device: device), in: tree))
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
