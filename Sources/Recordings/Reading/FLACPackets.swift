import CFFmpeg
import Media

/// Decodes packets of FLAC, each by itself, into the bytes that a microphone gave.
final class FLACPackets {
    private let decoder: SoundDecoder
    private let encoding: SoundFormat.Encoding

    init(_ container: Container, _ encoding: SoundFormat.Encoding) throws(RecordingError) {
        decoder = try SoundDecoder(container)
        self.encoding = encoding
    }

    /// The bytes of a packet's sound, or why there are none.
    func decode(_ packet: UnsafeMutablePointer<AVPacket>) -> Result<[UInt8], RecordingError> {
        let frame = decoder.frame
        let (result, reason) = FFmpeg.run {
            let sent = avcodec_send_packet(decoder.context, packet)
            return sent < 0 ? sent : avcodec_receive_frame(decoder.context, frame)
        }
        guard result >= 0, let data = frame.pointee.data.0 else { return .failure(RecordingError(.unreadable, reason)) }
        guard AVSampleFormat(frame.pointee.format) == encoding.libraryFormat else {
            return .failure(RecordingError(.unreadable, "its samples are not \(encoding.rawValue)"))
        }
        let count = Int(frame.pointee.nb_samples) * Int(frame.pointee.ch_layout.nb_channels)
        let isWidened = encoding == .signed24
        let bytes = UnsafeRawBufferPointer(start: data, count: count * (isWidened ? 4 : encoding.byteCount))
        return .success(isWidened ? SoundFormat.Encoding.narrowed(bytes) : Array(bytes))
    }
}
