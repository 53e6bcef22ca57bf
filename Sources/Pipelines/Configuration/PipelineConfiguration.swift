public import Alert
public import Captions
public import Capture
public import Machine
public import Media
public import Recordings
public import Units

/// Everything that a pipeline can be told, with its defaults: what a pipeline file and the command line fill in.
public struct PipelineConfiguration: Sendable, Hashable {
    /// How a recording's samples arrive.
    public enum Pace: String, Sendable, Hashable, CaseIterable {
        /// On the wall clock, as they once did; late is late.
        case realtime
        /// As fast as the machine allows; a deadline counts from the start of each sample's work.
        case fast
        /// When they are due on a virtual clock, which inference moves on by times drawn from the profile: the same
        /// results each time.
        case simulated

        /// Whether samples come when they are due; else each as soon as there is room for it.
        var isTimed: Bool { self != .fast }
    }

    /// What is replayed.
    public struct Recording: Sendable, Hashable {
        /// A video file or a folder of pictures.
        public var path: String?
        /// Samples a second; nil keeps the recording's own rate.
        public var rate: Double?
        /// How samples arrive.
        public var pace = Pace.realtime
        /// What a simulation's random numbers begin with.
        public var seed: UInt64 = 1
        /// A file of true labels; nil looks beside the recording.
        public var labels: String?
        /// What of it is recognised; nil takes all that it has and recognisers are named for.
        public var streams: [SampleResult.Stream]?
    }

    /// Which camera is watched, and what is wanted of it.
    public struct Camera: Sendable, Hashable {
        /// A stable link such as `/dev/v4l/by-id/…`, or a node; nil takes the first camera there is.
        public var device: String?
        /// The least size that serves.
        public var size = PictureSize(640, 480)
        /// Frames a second.
        public var rate = 30.0
        /// The pixel format to take, whatever it costs; nil lets heed choose.
        public var format: PixelFormat?
        /// Whether the camera is told to keep its rate in dim light rather than to expose longer.
        public var holdsRate = false

        /// Any camera, with every default.
        public init() {}
    }

    /// Which microphone is listened to.
    public struct Microphone: Sendable, Hashable {
        /// alsa-lib's name of it, such as `hw:CARD=Loopback,DEV=1`.
        public var device = "default"
        /// Samples a second; the card's nearest is taken.
        public var rate = 48_000
        /// Channels; the card's nearest number is taken.
        public var channels = 1

        /// The default microphone, with every default.
        public init() {}
    }

    /// Where and how devices are recorded.
    public struct Record: Sendable, Hashable {
        /// The Matroska file.
        public var path: String
        /// How frames that are not JPEG pictures are stored.
        public var video = VideoTrack.Storage.lossless
        /// How sound is stored; nil takes FLAC where it holds the microphone's encoding.
        public var sound: SoundTrack.Storage?
        /// Whether a file that is there is replaced.
        public var overwrites = false

        /// A recording with every default.
        public init(path: String) { self.path = path }
    }

    /// How speech is turned into captions.
    public struct Speech: Sendable, Hashable {
        /// What to reach with each step of the captions; the deadline counts from the newest sound in it.
        public var goal = Goal(deadline: .milliseconds(500))
        /// The language that is spoken, by its two-letter code.
        public var language = "en"
        /// When captions of speech that goes on are renewed.
        public var hops = HopPlanner.Configuration()
        /// A file with the text that is said; nil looks beside the recording.
        public var reference: String?
        /// Files to write the captions to, by their endings: txt, vtt or srt.
        public var captions: [String] = []
    }

    /// Which error or energy is wanted.
    public enum Minimize: String, Sendable, Hashable, CaseIterable { case error, energy }

    /// What streams that are recognised at once do with the machine.
    public enum Sharing: String, Sendable, Hashable, CaseIterable {
        /// They give out its cores among themselves, earliest deadline first, and choose with regard for each other.
        case joint
        /// Each runs as if it were alone.
        case none
    }

    /// Where what policies learn is taken up at the start, and kept at the end.
    public enum Learned: Sendable, Hashable {
        /// In heed's data folder; nowhere where a run is to repeat itself.
        case auto
        /// Nowhere: each run learns anew.
        case none
        /// In this file, for all policies and streams of the run.
        case file(String)
    }

    /// What the ALERT stage is asked to reach.
    public struct Goal: Sendable, Hashable {
        /// From the sensor to the result.
        public var deadline: Duration = .milliseconds(100)
        /// What is made least.
        public var minimize = Minimize.error
        /// With `minimize: error`, the most energy a sample may take; nil sets no bound.
        public var energy: Joules?
        /// With `minimize: energy`, the least expected accuracy, 0…1.
        public var accuracy: Double?
        /// The wanted probability of meeting the deadline, 0…1.
        public var confidence = 0.95
    }

    /// A name for people.
    public var name: String?
    /// The camera to watch; nil watches none.
    public var camera: Camera?
    /// The microphone to listen to; nil listens to none.
    public var microphone: Microphone?
    /// Where the devices are recorded while they are recognised; nil records nothing.
    public var record: Record?
    /// The recording to replay.
    public var recording = Recording()
    /// What to reach.
    public var goal = Goal()
    /// How speech is recognised.
    public var speech = Speech()
    /// Who chooses; one of `Policies.names`.
    public var policy = "alert"
    /// Where what it learns is kept.
    public var learned = Learned.auto
    /// Names of recognisers to choose from, of images and of speech; nil takes those that are installed. Names of image
    /// recognisers with `+` between them make a cascade.
    public var recognizers: [String]?
    /// How sure of its answer a cascade's stage must be, 0…1, for none to follow; nil lets all follow that have the
    /// time.
    public var enough: Double?
    /// The settings that each of them is offered with.
    public var settings = Settings()
    /// The most samples that may wait for recognition.
    public var queueCapacity = 4
    /// What measures energy.
    public var meter = EnergyMeters.Choice.auto
    /// The most power that the machine is to draw in the long run, all streams and waiting together; nil sets no bound.
    public var powerBudget: Watts?
    /// What frames and speech do with the machine when both are recognised.
    public var sharing = Sharing.joint
    /// The watts behind estimated energy.
    public var power = PowerModel.default
    /// Where results go besides.
    public var sinks: [Sink] = []
    /// Where to write a JSON line for each sample.
    public var results: String?
    /// Where to write the summary as JSON.
    public var summary: String?

    /// Where the run is to be watched in a browser; nil for nowhere.
    public var page: Page?

    /// A configuration with every default.
    public init() {}
}

extension PipelineConfiguration {
    /// The most frames that wait at once: for recognition, and to be recorded.
    var heldFrames: Int { queueCapacity + (record == nil ? 0 : RecordingOptions().frameCapacity) }
}

extension PipelineConfiguration.Learned {
    /// Reads `auto`, `none` or the name of a file.
    public init(text: String) {
        switch text {
        case "auto": self = .auto
        case "none": self = .none
        default: self = .file(text)
        }
    }

    /// The file that was named.
    public var file: String? {
        if case .file(let path) = self { path } else { nil }
    }
}

extension PipelineConfiguration.Record {
    /// That there is no device whose frames or sound could be recorded.
    var needsDevices: PipelinesError {
        PipelinesError(
            .badConfiguration, "\(path): only devices are recorded; the pipeline has no camera or microphone")
    }
}

extension PipelineConfiguration.Camera {
    /// The settings to open it with; each of the `queued` frames may wait in memory of the camera's.
    public func settings(queued: Int) -> CameraSettings {
        CameraSettings(
            device: device, wish: CameraWish(size: size, rate: rate, format: format), keeping: .all,
            bufferCount: 6, poolCount: min(queued + 2, 32), holdsRate: holdsRate)
    }
}

extension PipelineConfiguration.Microphone {
    /// What to open it with.
    public var configuration: MicrophoneConfiguration {
        MicrophoneConfiguration(device: device, rate: rate, channels: channels)
    }
}

extension PipelineConfiguration.Goal {
    /// The goal as the ALERT stage takes it.
    ///
    /// - Throws: `PipelinesError` or `AlertError` when a bound is missing, contradicts what is minimised, or is out of
    ///   range.
    public func checked() throws -> Alert.Goal {
        let objective: Alert.Goal.Objective
        switch minimize {
        case .error:
            guard accuracy == nil else {
                throw PipelinesError(
                    .badConfiguration,
                    "an accuracy bound goes with minimising energy; to minimise error, bound the energy or nothing")
            }
            objective = .minimizeError(energy: energy)
        case .energy:
            guard energy == nil else {
                throw PipelinesError(
                    .badConfiguration,
                    "an energy bound goes with minimising error; to minimise energy, bound the accuracy")
            }
            guard let accuracy else {
                throw PipelinesError(
                    .badConfiguration, "minimising energy needs the least accuracy you accept, such as accuracy 0.85")
            }
            objective = .minimizeEnergy(accuracy: accuracy)
        }
        return try Alert.Goal(deadline: deadline, objective: objective, confidence: confidence)
    }
}
