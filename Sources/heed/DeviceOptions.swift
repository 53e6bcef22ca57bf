import ArgumentParser
import Capture
import Media
import Pipelines
import Recordings

/// Reads a picture's size on the command line.
func sizeArgument(_ text: String) throws -> PictureSize {
    guard let size = PictureSize(text: text) else {
        throw ValidationError("expected a width and a height such as 640x480; found `\(text)`")
    }
    return size
}

/// Reads a camera's format on the command line.
func formatArgument(_ text: String) throws -> PixelFormat {
    guard let format = PixelFormat(cameraName: text) else {
        let names = PixelFormat.cameraNames
        let nearest = nearestWord(to: text, in: names).map { "; did you mean `\($0)`?" } ?? "."
        throw ValidationError("`\(text)`: no such format\(nearest) There are \(names.joined(separator: ", "))")
    }
    return format
}

/// Which camera, and what is wanted of it.
struct CameraOptions: ParsableArguments {
    @Option(help: "The camera: a stable link such as /dev/v4l/by-id/…, or a node. Default: the first there is.")
    var camera: String?

    @Option(help: "The least size that serves, such as 640x480, which is the default.", transform: sizeArgument)
    var size: PictureSize?

    @Option(parsing: .unconditional, help: "Frames a second. Default: 30.")
    var rate: Double?

    @Option(
        help: """
            The pixel format, whatever it costs: \(PixelFormat.cameraNames.joined(separator: ", ")). \
            Default: the cheapest.
            """,
        transform: formatArgument)
    var format: PixelFormat?

    /// Whether anything is said of a camera.
    var isUsed: Bool { camera != nil || size != nil || rate != nil || format != nil }

    func validate() throws {
        if let rate, !(rate.isFinite && (0.1...1000).contains(rate)) {
            throw ValidationError("--rate \(rate): expected frames a second, from 0.1 to 1000")
        }
    }

    /// Chooses the camera.
    func apply(to configuration: inout PipelineConfiguration) {
        var wanted = configuration.camera ?? .init()
        if let camera { wanted.device = camera }
        if let size { wanted.size = size }
        if let rate { wanted.rate = rate }
        if let format { wanted.format = format }
        configuration.camera = wanted
    }
}

/// Which microphone.
struct MicrophoneOptions: ParsableArguments {
    @Option(help: "The microphone, by its ALSA name, such as hw:CARD=PCH,DEV=0. Default: default.")
    var microphone: String?

    /// Whether anything is said of a microphone.
    var isUsed: Bool { microphone != nil }

    /// Chooses the microphone.
    func apply(to configuration: inout PipelineConfiguration) {
        var wanted = configuration.microphone ?? .init()
        if let microphone { wanted.device = microphone }
        configuration.microphone = wanted
    }
}

/// How a recording is stored.
struct RecordingStorageOptions: ParsableArguments {
    @Option(help: "How frames that are no JPEG pictures are stored: lossless (FFV1), raw. Default: lossless.")
    var video: VideoTrack.Storage?

    @Option(help: "How sound is stored: pcm, flac. Default: flac, where it holds the encoding.")
    var sound: SoundTrack.Storage?

    @Flag(help: "Replace a recording that is there.")
    var overwrite = false

    /// Records into a file, if one is named.
    func apply(to configuration: inout PipelineConfiguration, path: String?) {
        guard var record = path.map({ PipelineConfiguration.Record(path: $0) }) ?? configuration.record else { return }
        if let video { record.video = video }
        if let sound { record.sound = sound }
        if overwrite { record.overwrites = true }
        configuration.record = record
    }
}

/// Recording beside recognition.
struct RecordOption: ParsableArguments {
    @Option(help: "Record what the devices bring into this Matroska file as well.")
    var record: String?

    @OptionGroup
    var storage: RecordingStorageOptions

    func apply(to configuration: inout PipelineConfiguration) { storage.apply(to: &configuration, path: record) }
}

/// When a run of devices ends.
struct DurationOption: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "End by itself after this time, such as 20s. Default: run until Ctrl-C.",
        transform: timeArgument)
    var duration: Duration?
}
