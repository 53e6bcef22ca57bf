import CFFmpeg

/// The decoder of a container's sound and the frame that it decodes into, freed together. For one thread at a time.
final class SoundDecoder {
    let context: UnsafeMutablePointer<AVCodecContext>
    let frame: UnsafeMutablePointer<AVFrame>

    /// Throws `unreadable` when there is no such decoder, or it does not start.
    init(_ container: Container) throws(RecordingError) {
        var made = av_frame_alloc()
        guard let frame = made else { throw RecordingError(.unreadable, "\(container.path): out of memory") }
        do throws(RecordingError) {
            context = try container.openDecoder { _ in }
        } catch {
            av_frame_free(&made)
            throw error
        }
        self.frame = frame
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }
}
