import Glibc
import Media

/// A camera's mode and what speaks for and against it.
///
/// The mode with the least cost is taken. The costs are weights from practice: a step of 1 is about what a picture
/// twice as large as needed costs in work.
public struct ModeChoice: Hashable, Sendable, CustomStringConvertible {
    /// One part of the cost.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        /// What it adds to the cost.
        public let cost: Double
        /// Why.
        public let text: String

        /// Such as `+2.1 25/s of the 30/s wanted`.
        public var description: String { "+\(FrameInterval.text((cost * 10).rounded() / 10)) \(text)" }
    }

    /// The mode.
    public let mode: CameraMode
    /// The parts of the cost; none for a mode that is just what was wanted.
    public let reasons: [Reason]

    /// The whole cost.
    public var cost: Double { reasons.reduce(0) { $0 + $1.cost } }

    /// Such as `YUYV 640×480 25/s: +0.2 YUYV takes 4:2:2, +2.1 25/s of the 30/s wanted`.
    public var description: String {
        reasons.isEmpty ? "\(mode)" : "\(mode): " + reasons.map(\.description).joined(separator: ", ")
    }

    /// The modes of a camera that heed can use, the best first; one at the fitting size and interval for each that the
    /// camera offers.
    ///
    /// - Throws: `.notOffered` when the camera offers no format that heed knows, or not the one that was asked for.
    public static func ranked(_ offers: [CameraOffer], for wish: CameraWish) throws(CaptureError) -> [ModeChoice] {
        var choices: [ModeChoice] = []
        var seen: Set<CameraMode> = []
        for offer in offers {
            guard let format = offer.code.pixelFormat, wish.takes(offer.code) else { continue }
            for mode in modes(of: offer, format, for: wish) where seen.insert(mode).inserted {
                choices.append(ModeChoice(mode: mode, reasons: reasons(mode, offer.isEmulated, for: wish)))
            }
        }
        guard !choices.isEmpty else { throw nothingFits(offers, wish) }
        return choices.sorted {
            ($0.cost, $0.mode.byteCount, $0.mode.code.code) < ($1.cost, $1.mode.byteCount, $1.mode.code.code)
        }
    }

    private static func modes(of offer: CameraOffer, _ format: PixelFormat, for wish: CameraWish) -> [CameraMode] {
        let wanted = FrameInterval(rate: wish.rate)
        return offer.sizes.flatMap { size in
            let fitted = size.sizes.fitted(to: wish.size)
            let intervals: [FrameInterval?] = size.intervals.map { $0.fitted(to: wanted) }
            return (intervals.isEmpty ? [nil] : intervals).map {
                CameraMode(code: offer.code, format: format, size: fitted, interval: $0)
            }
        }
    }

    private static func reasons(_ mode: CameraMode, _ isEmulated: Bool, for wish: CameraWish) -> [Reason] {
        var reasons: [Reason] = []
        let format = formatCost(mode.format)
        if format.cost > 0, !mode.code.isConverted { reasons.append(Reason(cost: format.cost, text: format.text)) }
        if mode.code.isConverted {
            reasons.append(Reason(cost: 6, text: "libv4l converts it to \(mode.format.rawValue)"))
        }
        if isEmulated { reasons.append(Reason(cost: 1, text: "converted by the driver's library")) }
        reasons += rateReasons(mode, wish) + sizeReasons(mode, wish)
        if let bandwidth = wish.bandwidth, let interval = mode.interval {
            let needed = Double(mode.byteCount) * interval.rate
            if needed > bandwidth {
                let text = "\(megabytes(needed)) MB/s are more than the bus's \(megabytes(bandwidth)) MB/s"
                reasons.append(Reason(cost: 6, text: text))
            }
        }
        return reasons
    }

    private static func rateReasons(_ mode: CameraMode, _ wish: CameraWish) -> [Reason] {
        guard let rate = mode.interval?.rate, rate > 0 else { return [Reason(cost: 2, text: "its rate is not known")] }
        // 30000/1001 is 30/s to whoever asks for 30.
        let ratio = rate / wish.rate
        if ratio < 0.995 {
            return [
                Reason(
                    cost: 8 * log2(1 / ratio),
                    text: "\(mode.interval.map { "\($0)" } ?? "") of the "
                        + "\(FrameInterval.text(wish.rate))/s wanted")
            ]
        }
        if ratio > 1.005 { return [Reason(cost: 0.5 * log2(ratio), text: "more frames than wanted")] }
        return []
    }

    private static func sizeReasons(_ mode: CameraMode, _ wish: CameraWish) -> [Reason] {
        var reasons: [Reason] = []
        let width = Double(wish.size.width) / Double(mode.size.width)
        let height = Double(wish.size.height) / Double(mode.size.height)
        if max(width, height) > 1 {
            let text = "\(mode.size) is smaller than the \(wish.size) wanted"
            reasons.append(Reason(cost: 10 * log2(max(width, height)), text: text))
        }
        let excess = Double(mode.size.pixels) / Double(wish.size.pixels)
        if excess > 1 {
            reasons.append(
                Reason(
                    cost: log2(excess),
                    text: "\(FrameInterval.text((excess * 10).rounded() / 10)) times the pixels wanted"))
        }
        return reasons
    }

    /// What it takes to use a format, and what it has lost.
    private static func formatCost(_ format: PixelFormat) -> (cost: Double, text: String) {
        switch format {
        case .nv12, .i420: (0, "")
        case .yuyv, .uyvy, .i422: (0.1, "4:2:2 has more bytes to read")
        case .i444: (0.2, "4:4:4 has more bytes to read")
        case .rgb24: (0.4, "RGB has more bytes to read")
        case .jpeg: (0.8, "JPEG must be decoded")
        case .gray: (5, "it has no colour")
        }
    }

    private static func megabytes(_ bytes: Double) -> Int { Int((bytes / 1e6).rounded()) }

    private static func nothingFits(_ offers: [CameraOffer], _ wish: CameraWish) -> CaptureError {
        let offered = offers.isEmpty ? "nothing" : offers.map { "\($0.code)" }.joined(separator: ", ")
        guard let format = wish.format else {
            let known = "YUYV, UYVY, NV12, YU12, YV12, 422P, GREY, RGB3, MJPG, and what libv4l converts"
            return CaptureError(.notOffered, "no format that heed reads (\(known)) is offered; offered: \(offered)")
        }
        let usable = offers.compactMap { $0.code.pixelFormat?.rawValue }
        let instead = Array(Set(usable)).sorted().joined(separator: ", ")
        return CaptureError(
            .notOffered,
            "format: \(format.rawValue) is not offered; "
                + (instead.isEmpty ? "offered: \(offered)" : "choose from \(instead), or leave it out"))
    }
}
