/// A pixel format that a camera offers, with its sizes and rates.
public struct CameraOffer: Hashable, Sendable {
    /// Sizes that share their intervals.
    public struct Size: Hashable, Sendable {
        /// The sizes.
        public let sizes: SizeRange
        /// The intervals on offer at these sizes; empty where the driver does not tell.
        public let intervals: [IntervalRange]

        /// Makes an offer of sizes.
        public init(sizes: SizeRange, intervals: [IntervalRange]) {
            self.sizes = sizes
            self.intervals = intervals
        }
    }

    /// The driver's name of the format.
    public let code: FourCC
    /// The driver's words for the format.
    public let name: String
    /// Whether a library converts it rather than the camera giving it.
    public let isEmulated: Bool
    /// The sizes on offer.
    public let sizes: [Size]

    /// Makes an offer.
    public init(code: FourCC, name: String, isEmulated: Bool = false, sizes: [Size]) {
        self.code = code
        self.name = name
        self.isEmulated = isEmulated
        self.sizes = sizes
    }

    /// Asks an open camera for all it offers.
    ///
    /// Where sizes come as a range, their intervals are those at the size that fits `wanted`.
    static func all(of camera: V4L2, near wanted: PictureSize) throws(SystemCallError) -> [CameraOffer] {
        var offers: [CameraOffer] = []
        for format in try camera.formats() {
            var sizes: [Size] = []
            for range in try camera.sizes(format.code) {
                let intervals = try camera.intervals(format.code, range.fitted(to: wanted))
                sizes.append(Size(sizes: range, intervals: intervals.filter(\.longest.isUsable)))
            }
            // A driver that does not tell its sizes takes the nearest one that it can.
            if sizes.isEmpty { sizes = [Size(sizes: SizeRange(wanted), intervals: [])] }
            offers.append(
                CameraOffer(
                    code: format.code, name: format.description, isEmulated: format.isEmulated, sizes: sizes))
        }
        return offers
    }
}
