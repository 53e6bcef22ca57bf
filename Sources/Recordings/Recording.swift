public import Media

/// A recorded stream of frames: a video file of any kind FFmpeg's libraries read, or a folder of pictures.
///
/// Frames come one at a time, in the order of the recording, decoded on the calling thread; at most one is held here,
/// so that memory does not grow with the recording's length. One thread at a time uses a recording; it may be handed
/// over as a whole.
public final class Recording {
    private enum Source {
        case video(VideoReader, VideoLabels?)
        case pictures(PictureReader)
    }

    /// What is known of the recording.
    public let info: RecordingInfo
    private let source: Source
    /// Frames a second, when they shall not come at the recording's own times.
    private let rate: Double?
    private var sequence = 0
    /// The first event, read when opening to know the size.
    private var first: RecordedEvent?

    /// The rate of a folder of pictures for which none was given.
    public static let pictureRate = 30.0

    /// Opens a recording.
    ///
    /// `rate` in frames a second replaces the recording's own times. `labels` names a file of labels; without it,
    /// `labels.tsv` in a folder and `NAME.labels.tsv` beside a video `NAME.EXT` are used when they exist. Columns, with
    /// tabs between, the first line naming them: `file class name` for pictures, which also gives their order, and
    /// `start end class name` for a video, in seconds, the end excluded.
    ///
    /// Throws `notFound`, `empty`, `notAVideo`, `truncated` (nothing of the file can be read), `unreadable`,
    /// `badLabels` and `badRate`. Blocks while the first frame is read.
    public static func open(
        _ path: String, rate: Double? = nil, labels: String? = nil
    ) throws(RecordingError) -> Recording {
        if let rate, !(rate >= 0.001 && rate <= 1000) {
            throw RecordingError(
                .badRate, "\(path): a rate of \(rate) frames a second is not usable; 0.001 to 1000 are")
        }
        switch try FileSystem.kind(of: path) {
        case .folder: return try Recording(path, PictureReader(path, labels: labels), rate: rate)
        case .file(0): throw RecordingError(.empty, "\(path): the file is empty")
        case .file:
            let usual = Self.labelsPath(beside: path)
            let labels = try (labels ?? (FileSystem.exists(usual) ? usual : nil)).map { path throws(RecordingError) in
                try VideoLabels(path)
            }
            return try Recording(path, VideoReader(path), labels, rate: rate)
        case .other:
            throw RecordingError(.notAVideo, "\(path): is a device or a pipe; a recording is a file or a folder")
        }
    }

    private init(_ path: String, _ reader: VideoReader, _ labels: VideoLabels?, rate: Double?) throws(RecordingError) {
        source = .video(reader, labels)
        self.rate = rate
        first = try Self.read(source, sequence: 0, rate: rate)
        guard let first else { throw RecordingError(.empty, "\(path): the video has no frames") }
        let size = Self.size(first) ?? reader.size
        info = RecordingInfo(
            path: path, kind: .video, width: size.width, height: size.height, frameRate: rate ?? reader.frameRate,
            frameCount: reader.frameCount,
            format: "\(reader.codecName) in \(reader.containerName), \(size.width)×\(size.height)")
    }

    private init(_ path: String, _ reader: PictureReader, rate: Double?) throws(RecordingError) {
        let rate = rate ?? Self.pictureRate
        source = .pictures(reader)
        self.rate = rate
        first = try Self.read(source, sequence: 0, rate: rate)
        let size = first.flatMap(Self.size) ?? (width: 0, height: 0)
        let count = reader.count == 1 ? "1 picture" : "\(reader.count) pictures, the first"
        info = RecordingInfo(
            path: path, kind: .pictures, width: size.width, height: size.height, frameRate: rate,
            frameCount: reader.count, format: "\(count) \(size.width)×\(size.height)")
    }

    /// The origin of the run that heed recorded, on the clock of then; nil for other recordings.
    ///
    /// Positions and arrivals count from it, and are exact to the nanosecond.
    public var origin: MonotonicTime? {
        guard case .video(let reader, _) = source else { return nil }
        return reader.origin
    }

    /// The next frame, or word of damaged or missing ones; nil at the end.
    ///
    /// Throws `truncated` after the last frame when the file ends before what its header promises, and `unreadable`
    /// when the file cannot be read on; the end follows. Blocks for reading and decoding.
    public func next() throws(RecordingError) -> RecordedEvent? {
        let event: RecordedEvent?
        if let first {
            event = first
            self.first = nil
        } else {
            event = try Self.read(source, sequence: sequence, rate: rate)
        }
        if event != nil { sequence += 1 }
        return event
    }

    private static func read(
        _ source: Source, sequence: Int, rate: Double?
    ) throws(RecordingError) -> RecordedEvent? {
        let scheduled = rate.map { Duration.nanoseconds(Int64((Double(sequence) / $0 * 1e9).rounded())) }
        switch source {
        case .pictures(let reader):
            guard let item = reader.next() else { return nil }
            let position = scheduled ?? .zero
            switch item.frame {
            case .success(let frame):
                return .frame(
                    RecordedFrame(
                        sequence: sequence, position: position, frame: frame, label: item.label, name: item.name))
            case .failure(let error):
                return .damaged(
                    sequence: sequence, position: position, name: item.name, label: item.label, reason: error.message)
            }
        case .video(let reader, let labels):
            switch try reader.next() {
            case nil: return nil
            case .frame(let frame, let place):
                return .frame(
                    RecordedFrame(
                        sequence: place.timing.map { Int($0.number) } ?? sequence,
                        position: scheduled ?? place.position,
                        arrival: scheduled ?? place.timing.map { .nanoseconds($0.arrived) },
                        timeQuality: place.timing?.quality ?? .scheduled, frame: frame,
                        label: labels?.label(at: place.position)))
            case .damaged(let reason, let place):
                return .damaged(
                    sequence: place.timing.map { Int($0.number) } ?? sequence, position: scheduled ?? place.position,
                    name: nil, label: labels?.label(at: place.position), reason: reason)
            case .missing(let missing, let arrival): return .missing(missing, arrival: scheduled ?? arrival)
            }
        }
    }

    /// The size of a frame; nil where it is not known.
    private static func size(_ event: RecordedEvent) -> (width: Int, height: Int)? {
        switch event {
        case .frame(let recorded): (recorded.frame.width, recorded.frame.height)
        case .damaged: (0, 0)
        case .missing: nil
        }
    }

    /// `NAME.labels.tsv` for `NAME.EXT`.
    private static func labelsPath(beside path: String) -> String {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "\(path).labels.tsv" }
        return "\(path[..<dot]).labels.tsv"
    }
}
