import Capture
import Pipelines

extension DeviceListing {
    private static let columns = 80
    private static let keyWidth = 10

    /// The listing for people.
    var text: String {
        var parts = ["CAMERAS"]
        parts += cameras.map(lines)
        parts += others.map { Self.prose("Not a camera: \($0.reason)") }
        parts += notes.cameras.map(Self.prose)
        parts.append("MICROPHONES")
        parts += microphones.map(lines)
        parts += notes.microphones.map(Self.prose)
        if !microphones.isEmpty {
            parts.append(
                Self.prose(
                    "`default` is what alsa-lib is set up to take: with a sound server, the microphone chosen there, "
                        + "which other programs can share."))
        }
        return parts.joined(separator: "\n\n")
    }

    private func lines(of camera: CameraDescription) -> String {
        let speed = camera.node.usbSpeed.map { ", USB at \($0.formatted(decimals: 0)) Mbit/s" } ?? ""
        var lines = [camera.name, "  " + camera.device]
        for path in [camera.node.path] + camera.node.stablePaths where path != camera.device {
            lines.append(Self.line("also", path))
        }
        if let driver = camera.driver { lines.append(Self.line("driver", driver + speed)) }
        lines += Self.formats(camera.offers)
        if let choice = camera.defaultChoice {
            lines.append(Self.line("heed takes", "\(choice.mode)"))
            lines += choice.reasons.map { Self.line("", "\($0)") }
        } else if !camera.offers.isEmpty {
            lines.append(Self.line("heed takes", "nothing: it reads none of these formats"))
        }
        return (lines + Self.state(camera.holders, isBusy: !camera.holders.isEmpty, camera.problem))
            .joined(separator: "\n")
    }

    private func lines(of microphone: MicrophoneDescription) -> String {
        let device = microphone.device.isEmpty ? "" : ": " + microphone.device
        let lines = [
            microphone.card + device, "  " + microphone.name, Self.line("also", microphone.node),
        ]
        return (lines + Self.state(microphone.holders, isBusy: microphone.isBusy, microphone.problem))
            .joined(separator: "\n")
    }

    private static func state(_ holders: [DeviceHolder], isBusy: Bool, _ problem: CaptureError?) -> [String] {
        var lines: [String] = []
        if !holders.isEmpty {
            let names = holders.map(\.description).joined(separator: ", ")
            lines.append(
                line(isBusy ? "busy" : "in use", "held by \(names)" + (isBusy ? "" : "; there is room for more")))
        }
        if let problem { lines += wrapped("problem", Prose.words(problem.message), separator: " ") }
        return lines
    }

    /// The formats, those with the same sizes and rates together; what heed cannot read comes last, by name alone.
    private static func formats(_ offers: [CameraOffer]) -> [String] {
        let readable = offers.filter { $0.code.pixelFormat != nil }
        var groups: [(names: [String], sizes: [CameraOffer.Size])] = []
        for offer in readable {
            if let same = groups.firstIndex(where: { $0.sizes == offer.sizes }) {
                groups[same].names.append("\(offer.code)")
            } else {
                groups.append((["\(offer.code)"], offer.sizes))
            }
        }
        var lines = groups.flatMap { group -> [String] in
            wrapped("formats", group.names) + rates(group.sizes)
        }
        let others = offers.filter { $0.code.pixelFormat == nil }.map { "\($0.code)" }
        if !others.isEmpty { lines += wrapped("unread", others) }
        return lines
    }

    /// A table of sizes and the rates that they share.
    private static func rates(_ sizes: [CameraOffer.Size]) -> [String] {
        var groups: [(sizes: [String], rates: String)] = []
        for size in sizes {
            let rates = rates(size.intervals)
            if let last = groups.indices.last, groups[last].rates == rates {
                groups[last].sizes.append("\(size.sizes)")
            } else {
                groups.append((["\(size.sizes)"], rates))
            }
        }
        return groups.flatMap { group in
            wrapped("", group.sizes.dropLast() + ["\(group.sizes.last ?? "") at \(group.rates)"])
        }
    }

    /// Such as `60, 30, 7.5/s` or `1/s…60/s`.
    private static func rates(_ intervals: [IntervalRange]) -> String {
        if intervals.isEmpty { return "an unknown rate" }
        guard intervals.allSatisfy({ $0.shortest == $0.longest }) else {
            return intervals.map(\.description).joined(separator: ", ")
        }
        let rates = intervals.map(\.shortest).sorted { $0.rate > $1.rate }
        return rates.map { String("\($0)".dropLast(2)) }.joined(separator: ", ") + "/s"
    }

    private static func line(_ key: String, _ text: String) -> String {
        "  " + key + String(repeating: " ", count: max(0, keyWidth - key.count)) + "  " + text
    }

    /// A list on as many lines as it takes.
    private static func wrapped(
        _ key: String, _ items: some Sequence<String>, separator: String = ", "
    ) -> [String] {
        Prose.filled(items, separator: separator, columns: columns - keyWidth - 4).enumerated().map { index, text in
            line(index == 0 ? key : "", text)
        }
    }

    /// Prose on as many lines as it takes.
    private static func prose(_ text: String) -> String { Prose.lines(text, columns: columns).joined(separator: "\n") }
}
