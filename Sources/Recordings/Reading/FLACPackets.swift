import CFFmpeg
import Media

/// Decodes packets of FLAC, each by itself, into the bytes that a microphone gave.
final class FLACPackets {
    private let decoder: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    private let encoding: SoundFormat.Encoding

    init(_ container: Container, _ encoding: SoundFormat.Encoding) throws(RecordingError) {
        guard let frame = av_frame_alloc() else {
            throw RecordingError(.unreadable, "\(container.path): out of memory")
        }
        do throws(RecordingError) {
            decoder = try container.openDecoder { _ in }
        } catch {
            var frame: UnsafeMutablePointer<AVFrame>? = frame
            av_frame_free(&frame)
            throw error
        }
        self.frame = frame
        self.encoding = encoding
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var decoder: UnsafeMutablePointer<AVCodecContext>? = decoder
        avcodec_free_context(&decoder)
    }

    /// The bytes of a packet's sound, or why there are none.
    func decode(_ packet: UnsafeMutablePointer<AVPacket>) -> Result<[UInt8], RecordingError> {
        let (result, reason) = FFmpeg.run {
            let sent = avcodec_send_packet(decoder, packet)
            return sent < 0 ? sent : avcodec_receive_frame(decoder, frame)
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
