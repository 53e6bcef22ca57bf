public import Media

/// What is recorded of a camera; size and format are those of its first frame.
public struct VideoTrack: Sendable, Hashable {
    /// How frames that are not JPEG pictures are stored; those are stored as they come, always.
    public enum Storage: String, Sendable, Hashable, CaseIterable {
        /// As FFV1, which gives each bit back and takes about half the room.
        case lossless
        /// As they come: costs no time to write, but the disk must keep up.
        case raw
    }

    /// The camera's name, for the header.
    public var device: String
    /// The mode in words, for the header; empty when unknown. Players are told no rate: frames come when they come.
    public var mode: String
    /// How raw frames are stored.
    public var storage: Storage

    /// Makes a track.
    public init(device: String, mode: String = "", storage: Storage = .lossless) {
        self.device = device
        self.mode = mode
        self.storage = storage
    }
}

/// What is recorded of a microphone.
public struct SoundTrack: Sendable, Hashable {
    /// How sound is stored; both give each bit back.
    public enum Storage: String, Sendable, Hashable, CaseIterable {
        /// In the microphone's own encoding.
        case pcm
        /// As FLAC, which takes about half the room; 16 and 24 bits only, and up to 8 channels.
        case flac

        /// Whether sound of a format can be stored so.
        public func holds(_ format: SoundFormat) -> Bool {
            self == .pcm || [.signed16, .signed24].contains(format.encoding) && format.channels <= 8
        }
    }

    /// The microphone's name, for the header.
    public var device: String
    /// The sound's format.
    public var format: SoundFormat
    /// How it is stored.
    public var storage: Storage

    /// Makes a track; unless told otherwise, FLAC where it holds the encoding, which saves room and names the channels,
    /// and PCM elsewhere.
    public init(device: String, format: SoundFormat, storage: Storage? = nil) {
        self.device = device
        self.format = format
        self.storage = storage ?? (Storage.flac.holds(format) ? .flac : .pcm)
    }
}

/// How a recorder works.
public struct RecordingOptions: Sendable, Hashable {
    /// Whether a file that is there may be replaced. It stays as it is until the recording is begun.
    public var overwrites = false
    /// The program and its version, for the header.
    public var software = "heed"
    /// The most frames that wait to be written; each keeps a buffer of the camera.
    public var frameCapacity = 4
    /// The most bytes of sound that wait to be written.
    public var soundCapacity = 16 << 20
    /// The most notes (losses, damage, gaps) that wait to be written.
    public var noteCapacity = 4096

    /// Makes the usual options.
    public init() {}
}

/// What a recording holds in the end.
public struct RecordingReport: Sendable, Hashable {
    /// The file.
    public var path: String
    /// Frames that are in the file.
    public var frames = 0
    /// Sound that is in the file.
    public var soundDuration = Duration.zero
    /// The file's size in bytes.
    public var byteCount: Int64 = 0
    /// Frames that came, but found no room in the queue; the file names them as lost.
    public var leftOutFrames = 0
    /// Sound that came, but found no room; the file has a gap there.
    public var leftOutSound = Duration.zero
    /// Notes that found no room and are missing in the file.
    public var leftOutNotes = 0
    /// From the origin to the last sample captured.
    public var duration = Duration.zero
    /// What ended the recording early, if so: what came until then is in the file. On a disk that is full, that is
    /// what the last whole cluster has, and the counts above are of it.
    public var failure: RecordingError?

    /// Makes a report of nothing.
    public init(path: String) { self.path = path }
}
