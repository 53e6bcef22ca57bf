import CVideo4Linux
import Glibc
import Media

/// Video4Linux's calls on an open node; all that heed asks of the kernel's video interface passes here.
struct V4L2: Sendable {
    /// The open node.
    let file: Int32
    /// Whether the node speaks the interface for pictures spread over several memories.
    let usesPlanes: Bool

    /// What a node says of itself.
    struct Capability: Hashable {
        var driver: String
        var card: String
        var bus: String
        var flags: UInt32

        /// Whether pictures can be captured and streamed.
        var isCamera: Bool { capturesPictures && flags & UInt32(heed_v4l2_can_stream) != 0 }
        /// Whether pictures can be captured at all.
        var capturesPictures: Bool {
            flags & UInt32(heed_v4l2_can_capture | heed_v4l2_can_capture_planes) != 0
        }
        /// Whether the node gives data about pictures instead of pictures.
        var isMetadata: Bool { flags & UInt32(heed_v4l2_can_capture_metadata) != 0 }
        /// Whether pictures come only through the interface for several memories.
        var usesPlanes: Bool { flags & UInt32(heed_v4l2_can_capture) == 0 }
    }

    /// The format in force.
    struct Format: Hashable {
        var code: FourCC
        var width: Int
        var height: Int
        var bytesPerRow: Int
        var byteCount: Int
        var color: ColorEncoding
        var memoryCount: Int
        var isInterlaced: Bool
    }

    /// What there was to dequeue.
    enum Dequeued: Hashable {
        case buffer(DequeuedBuffer)
        /// No buffer is ready.
        case nothing
    }

    static func capability(of file: Int32) throws(SystemCallError) -> Capability {
        var result = heed_v4l2_capability()
        try call("VIDIOC_QUERYCAP") { heed_v4l2_query_capability(file, &result) }
        return Capability(
            driver: text(&result.driver), card: text(&result.card), bus: text(&result.bus), flags: result.capabilities)
    }

    /// The formats on offer, in the driver's order.
    func formats() throws(SystemCallError) -> [(code: FourCC, isEmulated: Bool, description: String)] {
        var result = heed_v4l2_format_offer()
        return try list("VIDIOC_ENUM_FMT") {
            heed_v4l2_offered_format(file, usesPlanes, $0, &result)
        } map: {
            (FourCC(code: result.fourcc), result.is_emulated, Self.text(&result.description))
        }
    }

    /// The sizes on offer in a format; empty where the driver does not tell.
    func sizes(_ code: FourCC) throws(SystemCallError) -> [SizeRange] {
        var result = heed_v4l2_size_offer()
        return try list("VIDIOC_ENUM_FRAMESIZES") {
            heed_v4l2_offered_size(file, code.code, $0, &result)
        } map: {
            SizeRange(
                width: Int(result.minimum_width)...max(Int(result.minimum_width), Int(result.maximum_width)),
                widthStep: Int(result.step_width),
                height: Int(result.minimum_height)...max(Int(result.minimum_height), Int(result.maximum_height)),
                heightStep: Int(result.step_height))
        }
    }

    /// The intervals on offer in a format and size; empty where the driver does not tell.
    func intervals(_ code: FourCC, _ size: PictureSize) throws(SystemCallError) -> [IntervalRange] {
        var result = heed_v4l2_interval_offer()
        let width = UInt32(size.width), height = UInt32(size.height)
        return try list("VIDIOC_ENUM_FRAMEINTERVALS") {
            heed_v4l2_offered_interval(file, code.code, width, height, $0, &result)
        } map: {
            IntervalRange(
                shortest: FrameInterval(result.minimum), longest: FrameInterval(result.maximum),
                step: FrameInterval(result.step))
        }
    }

    /// Sets the format and returns what the driver made of it.
    func setFormat(_ code: FourCC, _ size: PictureSize) throws(SystemCallError) -> Format {
        var format = heed_v4l2_format()
        format.fourcc = code.code
        format.width = UInt32(size.width)
        format.height = UInt32(size.height)
        try Self.call("VIDIOC_S_FMT") { heed_v4l2_set_format(file, usesPlanes, &format) }
        return Format(
            code: FourCC(code: format.fourcc), width: Int(format.width), height: Int(format.height),
            bytesPerRow: Int(format.bytes_per_row), byteCount: Int(format.byte_count), color: ColorEncoding(format),
            memoryCount: Int(format.memory_count), isInterlaced: format.is_interlaced)
    }

    /// Sets the interval and returns what the driver made of it; nil where it cannot be told or does not tell.
    func setInterval(_ interval: FrameInterval) throws(SystemCallError) -> FrameInterval? {
        var fraction = heed_v4l2_fraction(numerator: interval.numerator, denominator: interval.denominator)
        do throws(SystemCallError) {
            try Self.call("VIDIOC_S_PARM") { heed_v4l2_set_interval(file, usesPlanes, &fraction) }
        } catch {
            guard error.number == ENOTSUP || error.number == ENOTTY || error.number == EINVAL else { throw error }
        }
        let taken = FrameInterval(fraction)
        return taken.isUsable ? taken : nil
    }

    /// Forbids the camera to lower its rate in dim light; false where it cannot be told.
    func holdRate() -> Bool { heed_v4l2_set_dynamic_rate(file, false) == 0 }

    /// Asks for buffers and returns how many there are; 0 gives all back.
    func requestBuffers(_ count: Int) throws(SystemCallError) -> Int {
        var count = UInt32(count)
        try Self.call("VIDIOC_REQBUFS") { heed_v4l2_request_buffers(file, usesPlanes, &count) }
        return Int(count)
    }

    /// Maps buffer `index`.
    func mapBuffer(_ index: Int) throws(SystemCallError) -> UnsafeMutableRawBufferPointer {
        var byteCount: UInt32 = 0
        var offset: UInt32 = 0
        try Self.call("VIDIOC_QUERYBUF") {
            heed_v4l2_query_buffer(file, usesPlanes, UInt32(index), &byteCount, &offset)
        }
        return try Kernel.map(file, byteCount: Int(byteCount), offset: Int(offset))
    }

    /// Gives buffer `index` to the driver.
    func queue(_ index: Int) throws(SystemCallError) {
        try Self.call("VIDIOC_QBUF") { heed_v4l2_queue(file, usesPlanes, UInt32(index)) }
    }

    /// Takes a filled buffer; does not block, allocates nothing.
    func dequeue() throws(SystemCallError) -> Dequeued {
        var result = heed_v4l2_buffer()
        do throws(SystemCallError) {
            try Self.call("VIDIOC_DQBUF") { heed_v4l2_dequeue(file, usesPlanes, &result) }
        } catch {
            if error.number == EAGAIN { return .nothing }
            throw error
        }
        return .buffer(
            DequeuedBuffer(
                index: Int(result.index), sequence: result.sequence, byteCount: Int(result.byte_count),
                offset: Int(result.data_offset), isDamaged: result.has_error,
                stamp: result.is_monotonic ? MonotonicTime(nanoseconds: result.nanoseconds) : nil))
    }

    /// Starts the stream.
    func start() throws(SystemCallError) {
        try Self.call("VIDIOC_STREAMON") { heed_v4l2_stream_on(file, usesPlanes) }
    }

    /// Ends the stream; the driver gives all buffers back.
    func stop() throws(SystemCallError) {
        try Self.call("VIDIOC_STREAMOFF") { heed_v4l2_stream_off(file, usesPlanes) }
    }

    private static func call(_ name: String, _ call: () -> Int32) throws(SystemCallError) {
        _ = try Kernel.uninterrupted(name, call)
    }

    /// The most offers listed of anything: a driver that never ends its list does not hang heed.
    private static let listLimit: UInt32 = 1024

    private func list<Element>(
        _ name: String, _ call: (UInt32) -> Int32, map: () -> Element
    ) throws(SystemCallError) -> [Element] {
        var elements: [Element] = []
        for index in 0..<Self.listLimit {
            do throws(SystemCallError) {
                try Self.call(name) { call(index) }
            } catch {
                // EINVAL ends a list; a driver without the call has nothing to list.
                if error.number == EINVAL || error.number == ENOTTY { return elements }
                throw error
            }
            elements.append(map())
        }
        return elements
    }

    /// The text in an array of characters, up to its zero.
    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// A buffer that the driver has filled.
struct DequeuedBuffer: Hashable {
    var index: Int
    var sequence: UInt32
    var byteCount: Int
    /// Where the picture starts.
    var offset = 0
    /// Whether the driver says that the data may be corrupt.
    var isDamaged = false
    /// The driver's stamp; nil when it is not on the monotonic clock.
    var stamp: MonotonicTime?
}

extension FrameInterval {
    fileprivate init(_ fraction: heed_v4l2_fraction) {
        self.init(numerator: fraction.numerator, denominator: fraction.denominator)
    }
}

extension ColorEncoding {
    fileprivate init(_ format: heed_v4l2_format) {
        let matrix: Matrix =
            switch format.color_matrix {
            case UInt32(heed_v4l2_matrix_709): .bt709
            case UInt32(heed_v4l2_matrix_2020): .bt2020
            default: .bt601
            }
        self.init(matrix: matrix, isFullRange: format.is_full_range)
    }
}
