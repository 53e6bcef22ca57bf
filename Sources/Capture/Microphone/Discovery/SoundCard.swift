/// A sound card, as the kernel lists it.
struct SoundCard: Hashable {
    /// Its number at the moment.
    var number: Int
    /// Its short name, which alsa-lib knows it by: `PCH`.
    var identifier: String
    /// Its name in words: `HDA Intel PCH`.
    var name: String

    /// All cards, in the order of their numbers.
    ///
    /// Containers often hide `/proc/asound`; then `/sys` has the cards too, without their words.
    static func all(in tree: DeviceTree) -> [SoundCard] {
        let listed = cards(tree.text("/proc/asound/cards") ?? "")
        guard listed.isEmpty else { return listed }
        return tree.names(in: "/sys/class/sound").compactMap { entry in
            guard entry.hasPrefix("card"), let number = Int(entry.dropFirst(4)),
                let identifier = tree.text("/sys/class/sound/\(entry)/id")
            else { return nil }
            return SoundCard(number: number, identifier: identifier, name: identifier)
        }.sorted { $0.number < $1.number }
    }

    /// The cards that a text such as ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH` lists; other lines say more of
    /// the card above them.
    static func cards(_ text: String) -> [SoundCard] {
        text.split(separator: "\n").compactMap { line in
            guard let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]"),
                let number = Int(line[..<open].filter { !$0.isWhitespace })
            else { return nil }
            let identifier = line[line.index(after: open)..<close].filter { !$0.isWhitespace }
            let rest = line[close...]
            let dash = rest.firstRange(of: " - ")
            let name = dash.map { rest[$0.upperBound...] } ?? line[open...]
            return SoundCard(number: number, identifier: String(identifier), name: String(name))
        }
    }

    /// The numbers of its devices that capture, in order.
    func captureDevices(in tree: DeviceTree) -> [Int] {
        let listed = tree.names(in: "/proc/asound/card\(number)").compactMap { Self.device($0, after: "pcm") }
        let names = "pcmC\(number)D"
        let found = tree.names(in: "/sys/class/sound").compactMap { Self.device($0, after: names) }
        return (listed.isEmpty ? found : listed).sorted()
    }

    /// The device's number in a name such as `pcm1c`; nil for what does not capture.
    private static func device(_ name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), name.hasSuffix("c") else { return nil }
        return Int(name.dropFirst(prefix.count).dropLast())
    }
}
