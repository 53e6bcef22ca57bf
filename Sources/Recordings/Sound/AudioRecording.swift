public import Media

/// What is known of a file's sound when it is opened.
public struct AudioInfo: Sendable, Hashable {
    /// The path it was opened with.
    public var path: String
    /// The codec and the container, such as "aac in mp4".
    public var format: String
    /// Samples a second, as the file has them.
    public var sampleRate: Int
    /// How many channels the file has.
    public var channels: Int
    /// How long the sound is, for showing progress: an estimate, nil when unknown.
    public var duration: Duration?
}

/// What of a file's sound could not be used.
public struct AudioDamage: Sendable, Hashable {
    /// Packets that the decoder refused; their sound is missing, and the positions say so.
    public var packets = 0
    /// Samples that were no numbers, or far too large for sound; they became 0.
    public var samples = 0
    /// Why the last packet was refused.
    public var reason: String?

    /// No damage.
    public init() {}
}

/// The sound of a file: any audio or video file that FFmpeg's libraries read, as mono at 16 kHz.
///
/// Blocks come one at a time, decoded and resampled (libswresample) on the calling thread; memory does not grow with
/// the file's length. All channels but a subwoofer's are mixed, with ITU-R BS.775's weights, scaled so that nothing
/// clips. One thread at a time uses a recording; it may be handed over as a whole.
public final class AudioRecording {
    /// The most samples of a block: 100 ms.
    public static let blockSize = AudioBlock.rate / 10

    /// What is known of the sound.
    public let info: AudioInfo
    /// What of it could not be used so far.
    public var damage: AudioDamage { reader.damage }

    private let reader: any AudioSource
    /// Read when opening, to know that there is any sound.
    private var first: AudioBlock?

    /// Opens the sound of a file.
    ///
    /// Throws `notFound`, `empty`, `noSound`, `truncated` (nothing of the file can be read) and `unreadable`. Blocks
    /// while the first sound is read.
    public static func open(_ path: String) throws(RecordingError) -> AudioRecording {
        switch try FileSystem.kind(of: path) {
        case .folder: throw RecordingError(.noSound, "\(path): is a folder; sound is read from a file")
        case .file(0): throw RecordingError(.empty, "\(path): the file is empty")
        case .file: return try AudioRecording(path)
        case .other: throw RecordingError(.noSound, "\(path): is a device or a pipe; a recording is a file")
        }
    }

    private init(_ path: String) throws(RecordingError) {
        let container = try Container(path, .sound)
        info = AudioReader.info(container)
        if let recording = try SoundRecording(container) {
            reader = RecordedAudioReader(recording, info: info)
        } else {
            reader = try AudioReader(container, info)
        }
        first = try reader.next()
        guard first == nil else { return }
        let reason = reader.damage.reason.map { ": no packet of it can be decoded: \($0)" } ?? ""
        throw RecordingError(reason.isEmpty ? .empty : .unreadable, "\(path): the sound has no samples\(reason)")
    }

    /// The next block, of ``blockSize`` samples except before a gap and at the end; nil at the end.
    ///
    /// In a recording of heed the blocks are those of the microphone, with the samples, positions and arrivals that the
    /// live run had; positions count from its origin.
    ///
    /// Positions count from the file's start, which its video shares, and never go back. Where more than 50 ms of
    /// sound are missing, the position of the next block says so; what is smaller, rounding, is not followed.
    ///
    /// Throws `truncated` after the last block when the file ends before what its header promises, and `unreadable`
    /// when it cannot be read on; the end follows. Blocks for reading and decoding.
    public func next() throws(RecordingError) -> AudioBlock? {
        guard let first else { return try reader.next() }
        self.first = nil
        return first
    }
}
