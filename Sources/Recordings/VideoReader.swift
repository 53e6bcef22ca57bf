import CFFmpeg
import Media

/// Reads the frames of a video file through FFmpeg's libraries, one after the other.
final class VideoReader {
    /// What the file gives next.
    enum Event {
        case frame(Frame, Place)
        case damaged(reason: String, Place)
        /// What heed noted between frames.
        case missing(MissingFrames, arrival: Duration)
    }

    /// Where a frame belongs.
    struct Place {
        /// Since the recording's start.
        var position: Duration
        /// What heed wrote down when it recorded the frame.
        var timing: BlockTiming?
    }

    let path: String
    /// Frames a second: the file's mean, or 30 when it names none that makes sense.
    let frameRate: Double
    /// The number of frames as the file counts or as its length suggests.
    let frameCount: Int?
    /// The codec and the container.
    let codecName: String
    let containerName: String

    private let container: Container
    private let rotation: Frame.Rotation
    /// Nil when packets are handed over as they are.
    private var decoder: UnsafeMutablePointer<AVCodecContext>?
    private var scaler: OpaquePointer?
    private var isDrained = false
    private var isEnded = false
    private var firstTime: Int64?
    private var lastPosition: Duration?
    /// What heed wrote down beside the packet that was read last. Its codecs give a frame for each packet at once.
    private var timing: BlockTiming?
    /// The format of the frames that heed recorded.
    private let recordedFormat: PixelFormat?

    /// Pixels a frame may have: a decoder must not take all memory because a damaged header says so.
    private static let maximumPixels: Int64 = 1 << 27

    /// Opens the file and its video stream.
    init(_ path: String) throws(RecordingError) {
        self.path = path
        container = try Container(path, .video)
        rotation = container.rotation
        let stream = container.stream
        let parameters = stream.pointee.codecpar.pointee
        codecName = container.codecName
        containerName = container.name
        frameRate = Self.frameRate(stream.pointee)
        frameCount = Self.frameCount(container, rate: frameRate)
        recordedFormat = container.header == nil ? nil : container.tag("HEED_PIXELS").flatMap(PixelFormat.init)
        // Packets of Motion JPEG are JPEG pictures, which libjpeg-turbo decodes at the size that serves. Not so when
        // two fields make a picture, or when values are in limited range, of which a JPEG cannot tell.
        let isWhole = parameters.field_order == AV_FIELD_UNKNOWN || parameters.field_order == AV_FIELD_PROGRESSIVE
        if parameters.codec_id == AV_CODEC_ID_MJPEG, isWhole, parameters.color_range != AVCOL_RANGE_MPEG { return }
        decoder = try container.openDecoder { $0.max_pixels = Self.maximumPixels }
    }

    deinit {
        avcodec_free_context(&decoder)
        sws_freeContext(scaler)
    }

    /// The size that the header names.
    var size: (width: Int, height: Int) {
        let parameters = container.stream.pointee.codecpar.pointee
        return (Int(parameters.width), Int(parameters.height))
    }

    /// The origin of the run that heed recorded; nil for other files.
    var origin: MonotonicTime? { container.header?.origin }

    /// The next frame; nil at the end.
    ///
    /// Throws `truncated` once, after the last frame, when the file ends before what its header promises.
    func next() throws(RecordingError) -> Event? {
        if isEnded { return nil }
        while true {
            if let decoder, let event = decodedEvent(decoder) { return event }
            if isDrained { break }
            guard try readPacket() else {
                isDrained = true
                guard let decoder else { break }
                avcodec_send_packet(decoder, nil)
                continue
            }
            if let event = handlePacket() { return event }
        }
        isEnded = true
        if let reason = container.missingEnd() {
            throw RecordingError(
                .truncated, "\(path): \(reason); the frames up to there are good, the rest of the recording is lost")
        }
        return nil
    }

    /// Reads the next packet; an error is the end of the recording.
    private func readPacket() throws(RecordingError) -> Bool {
        do {
            return try container.readPacket()
        } catch {
            isEnded = true
            throw error
        }
    }

    /// Gives the packet to the decoder, or wraps it when it is a picture by itself.
    private func handlePacket() -> Event? {
        let packet = container.packet
        let (isNote, note) = container.note
        if isNote {
            guard let note, let origin, let missing = note.missingFrames(origin: origin) else { return nil }
            return .missing(missing, arrival: .nanoseconds(note.arrived))
        }
        timing = container.timing
        let time = packet.pointee.pts != heed_no_pts ? packet.pointee.pts : packet.pointee.dts
        if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0, decoder == nil {
            return .damaged(reason: "the container marks its data as damaged or cut", place(time))
        }
        guard let decoder else { return picture(time) }
        let (result, reason) = FFmpeg.run { avcodec_send_packet(decoder, packet) }
        if result == 0 || result == heed_averror_eof { return nil }
        return .damaged(reason: "\(codecName): \(reason)", place(heed_no_pts))
    }

    private func picture(_ time: Int64) -> Event {
        let place = place(time)
        let packet = container.packet
        let data = UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
        guard let size = JPEGSize(data), let copy = av_packet_alloc() else {
            return .damaged(reason: "\(codecName): the packet is no JPEG picture", place)
        }
        av_packet_move_ref(copy, packet)
        let storage = PacketBytes(copy)
        let frame = Frame(
            format: .jpeg, width: size.width, height: size.height, color: .jpeg,
            planes: [Frame.Plane(bytes: storage.bytes, stride: 0)], rotation: rotation, storage: storage)
        return .frame(frame, place)
    }

    /// What the decoder has ready; nil when it wants another packet or is done.
    private func decodedEvent(_ decoder: UnsafeMutablePointer<AVCodecContext>) -> Event? {
        guard let frame = av_frame_alloc() else {
            return .damaged(reason: "out of memory", place(heed_no_pts))
        }
        let picture = DecodedPicture(frame)
        let (result, reason) = FFmpeg.run { avcodec_receive_frame(decoder, frame) }
        if result == heed_averror_again || result == heed_averror_eof { return nil }
        if result < 0 {
            return .damaged(reason: "\(codecName): \(reason)", place(heed_no_pts))
        }
        let place = place(frame.pointee.best_effort_timestamp)
        if frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 {
            let line = FFmpeg.logLine
            return .damaged(
                reason: "\(codecName): \(line.isEmpty ? "parts of the picture are missing" : line)", place)
        }
        if let recordedFormat, let recorded = picture.restored(recordedFormat, rotation) {
            return .frame(recorded, place)
        }
        if let wrapped = picture.wrapped(rotation) { return .frame(wrapped, place) }
        let (copy, failure) = picture.converted(&scaler)
        guard let wrapped = copy?.wrapped(rotation) else {
            return .damaged(reason: "\(codecName): its pixel format is not usable: \(failure)", place)
        }
        return .frame(wrapped, place)
    }

    /// Where a frame with the given time in the stream's units belongs.
    private func place(_ time: Int64) -> Place {
        guard let timing, timing.kind == .frame else { return Place(position: position(time)) }
        return Place(position: .nanoseconds(timing.captured), timing: timing)
    }

    /// The position of a frame with the given time in the stream's units; a frame's length after the last if unknown.
    ///
    /// Never goes back, whatever the file says.
    private func position(_ time: Int64) -> Duration {
        let following = lastPosition.map { $0 + .seconds(1 / frameRate) } ?? .zero
        var position = following
        if time != heed_no_pts {
            let origin = firstTime ?? time
            firstTime = origin
            let unit = container.stream.pointee.time_base
            let seconds = (Double(time) - Double(origin)) * Double(unit.num) / Double(max(unit.den, 1))
            if seconds.magnitude < 1e9 { position = .nanoseconds(Int64((seconds * 1e9).rounded())) }
        }
        position = max(position, lastPosition ?? .zero)
        lastPosition = position
        return position
    }

    /// The mean rate, else the rate of its clock, of which files say 0/0 or the clock's own 90000 at times.
    private static func frameRate(_ stream: AVStream) -> Double {
        for rate in [stream.avg_frame_rate, stream.r_frame_rate] where rate.num > 0 && rate.den > 0 {
            let value = Double(rate.num) / Double(rate.den)
            if (0.001...1000).contains(value) { return value }
        }
        return 30
    }

    private static func frameCount(_ container: Container, rate: Double) -> Int? {
        let stream = container.stream.pointee
        if stream.nb_frames > 0 { return Int(stream.nb_frames) }
        var seconds = Double(container.context.pointee.duration) / Double(AV_TIME_BASE)
        if stream.duration > 0, stream.time_base.den > 0 {
            seconds = Double(stream.duration) * Double(stream.time_base.num) / Double(stream.time_base.den)
        }
        let count = (seconds * rate).rounded()
        return count >= 1 && count < 1e12 ? Int(count) : nil
    }
}

/// The bytes of a packet, which a frame lies over.
final class PacketBytes: @unchecked Sendable {  // Nobody writes a packet's data; FFmpeg counts references atomically.
    private let packet: UnsafeMutablePointer<AVPacket>

    /// Takes the packet over.
    init(_ packet: UnsafeMutablePointer<AVPacket>) { self.packet = packet }

    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }
}
