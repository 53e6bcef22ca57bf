public import Media

/// What a frame shows, as somebody who looked at it says.
public struct TrueLabel: Sendable, Hashable, Codable {
    /// The index of the class, from 0, in the recogniser's order.
    public var classIndex: Int
    /// The name of the class.
    public var name: String

    enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case name
    }

    /// Makes a label.
    public init(classIndex: Int, name: String) {
        self.classIndex = classIndex
        self.name = name
    }
}

/// A frame of a recording.
public struct RecordedFrame: Sendable {
    /// Its number: from 0, damaged frames counted; in a recording of heed the camera's own.
    public var sequence: Int
    /// When it was captured, since the recording's start; never before the one that came before it. A recording of heed
    /// starts at the origin of its run and has the times of the live run as they were: those may go back, where the
    /// camera's did.
    public var position: Duration
    /// When it reached heed, since the recording's start: in a recording of heed as it was, else with its position.
    public var arrival: Duration
    /// How far the capture time could be trusted when heed recorded it.
    public var timeQuality: TimeQuality
    /// The picture, as the recording holds it or as the decoder left it.
    public var frame: Frame
    /// What it shows, when the recording has labels.
    public var label: TrueLabel?
    /// The file's name, when the recording is a folder of pictures.
    public var name: String?

    /// Makes a recorded frame.
    public init(
        sequence: Int, position: Duration, arrival: Duration? = nil, timeQuality: TimeQuality = .scheduled,
        frame: Frame, label: TrueLabel? = nil, name: String? = nil
    ) {
        self.sequence = sequence
        self.position = position
        self.arrival = arrival ?? position
        self.timeQuality = timeQuality
        self.frame = frame
        self.label = label
        self.name = name
    }
}

/// What a recording gives next.
public enum RecordedEvent: Sendable {
    /// A frame that can be used.
    case frame(RecordedFrame)
    /// A frame that was there but cannot be decoded, or was damaged when it was recorded: a sample that failed.
    case damaged(sequence: Int, position: Duration, name: String?, label: TrueLabel?, reason: String)
    /// Frames that were missing when heed recorded, with times on the clock of that run; see ``Recording/origin``.
    case missing(MissingFrames, arrival: Duration)
}

extension RecordedEvent {
    /// The frame's number; the first one's where several are missing, -1 where no number is known.
    public var sequence: Int {
        switch self {
        case .frame(let frame): frame.sequence
        case .damaged(let sequence, _, _, _, _): sequence
        case .missing(.lost(let first, _, _), _), .missing(.outage(let first, _, _, _), _): first
        case .missing(.damaged(let number, _, _), _), .missing(.superseded(let number, _), _): number
        case .missing(.uncounted, _): -1
        }
    }

    /// When it was captured, since the recording's start; for what is missing, when that was known.
    public var position: Duration {
        switch self {
        case .frame(let frame): frame.position
        case .damaged(_, let position, _, _, _): position
        case .missing(_, let arrival): arrival
        }
    }

    /// When heed had it, since the recording's start.
    public var arrival: Duration {
        guard case .frame(let frame) = self else { return position }
        return frame.arrival
    }

    /// The file's name, when the recording is a folder of pictures.
    public var name: String? {
        switch self {
        case .frame(let frame): frame.name
        case .damaged(_, _, let name, _, _): name
        case .missing: nil
        }
    }

    /// What it shows, when the recording has labels.
    public var label: TrueLabel? {
        switch self {
        case .frame(let frame): frame.label
        case .damaged(_, _, _, let label, _): label
        case .missing: nil
        }
    }
}

/// What is known of a recording when it is opened.
public struct RecordingInfo: Sendable, Hashable {
    /// What kind of recording it is.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A video file.
        case video
        /// A folder of pictures.
        case pictures
    }

    /// The path it was opened with.
    public var path: String
    /// What kind of recording it is.
    public var kind: Kind
    /// The width of the first frame in pixels; 0 when that one is damaged. Later frames may differ.
    public var width: Int
    /// The height of the first frame in pixels; see `width`.
    public var height: Int
    /// Frames a second: the rate asked for, else the recording's own mean.
    public var frameRate: Double
    /// The number of frames, for showing progress: an estimate where the file does not count them, nil when unknown.
    public var frameCount: Int?
    /// The format in words, such as "mjpeg in matroska, 640×480".
    public var format: String
}
