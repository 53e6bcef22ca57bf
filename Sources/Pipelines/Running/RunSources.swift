import Capture
import Foundation
public import Recognition
public import Recordings

/// Where the streams of a run come from, opened: devices, or a recording.
public struct RunSources {
    /// Where its frames come from; nil when there are none, or they are not wanted.
    public var frames: FrameSource?
    /// Where its sound comes from; nil when there is none, or it is not wanted.
    public var sound: SoundSource?
    /// Why a recording's sound is left out, where it has some that was not asked for by name.
    public var soundFailure: RecordingError?

    /// Whether they are devices.
    public var isLive: Bool { frames?.camera != nil || sound?.microphone != nil }

    /// Opens the devices that the configuration names, or else its recording.
    ///
    /// Of a recording the streams are opened that the configuration lists, else those it names recognisers for, else
    /// all that it has.
    ///
    /// - Throws: `PipelinesError` when the configuration names no source, a recogniser that is not installed, or a file
    ///   to record into but no device; `CaptureError` when a device cannot be used; `RecordingError` when what was
    ///   asked for is not in the recording, or nothing is.
    public static func open(
        _ configuration: PipelineConfiguration, models: String = DataFolder.models
    ) throws -> RunSources {
        if configuration.camera != nil || configuration.microphone != nil { return try devices(configuration) }
        if let record = configuration.record { throw record.needsDevices }
        guard let path = configuration.recording.path else {
            throw PipelinesError(
                .badConfiguration,
                "the pipeline names no source; give it `camera:`, `microphone:` or `recording:` with a path")
        }
        return try recording(path, configuration, models: models)
    }

    private static func devices(_ configuration: PipelineConfiguration) throws -> RunSources {
        var sources = RunSources()
        if let microphone = configuration.microphone {
            sources.sound = .microphone(try LiveMicrophone(microphone.configuration))
        }
        if let camera = configuration.camera {
            sources.frames = .camera(try LiveCamera(camera.settings(queued: configuration.heldFrames)))
        }
        return sources
    }

    private static func recording(
        _ path: String, _ configuration: PipelineConfiguration, models: String
    ) throws -> RunSources {
        let wanted = try configuration.wantedStreams(models: models)
        var sources = RunSources()
        var framesFailure: RecordingError?
        var hasSound = true
        if wanted?.contains(.frames) ?? true {
            do {
                let recording = try Recording.open(
                    path, rate: configuration.recording.rate, labels: configuration.recording.labels)
                hasSound = recording.info.kind != .pictures
                sources.frames = .recording(recording)
            } catch {
                guard wanted == nil, error.code == .notAVideo else { throw error }
                framesFailure = error
            }
        }
        guard wanted?.contains(.speech) ?? hasSound else { return sources }
        do {
            sources.sound = .recording(try AudioRecording.open(path))
        } catch {
            guard wanted == nil else { throw error }
            // Without frames, that there is neither is what matters.
            if sources.frames == nil { throw error.code == .noSound ? framesFailure ?? error : error }
            if error.code != .noSound { sources.soundFailure = error }
        }
        return sources
    }

    /// The text that is said, for comparing: `NAME.words.txt` beside `NAME.EXT`, unless the configuration names a file.
    ///
    /// - Throws: `PipelinesError` when a file that is named cannot be read.
    public static func referenceText(_ configuration: PipelineConfiguration) throws(PipelinesError) -> String? {
        guard let named = configuration.speech.reference else {
            guard let path = configuration.recording.path else { return nil }
            let beside = (path as NSString).deletingPathExtension + ".words.txt"
            guard let data = try? readBounded(beside, limit: largestText) else { return nil }
            return String(data: data, encoding: .utf8)
        }
        guard let text = String(data: try readBounded(named, limit: largestText), encoding: .utf8) else {
            throw PipelinesError(.badConfiguration, "\(named): the reference is not UTF-8 text")
        }
        return text
    }

    /// The largest reference that is read.
    private static let largestText = 4 << 20
}

extension PipelineConfiguration {
    /// The streams that are listed, else those that recognisers are named for; nil where neither is said.
    ///
    /// - Throws: `PipelinesError` for a recogniser that is not installed.
    public func wantedStreams(models: String = DataFolder.models) throws -> Set<SampleResult.Stream>? {
        if let streams = recording.streams { return Set(streams) }
        guard let recognizers else { return nil }
        let named = try NamedRecognizer.installed(named: recognizers, in: models).flatMap(\.bundles)
        for bundle in named where bundle.manifest.classifier == nil && !bundle.manifest.isSpeech {
            throw PipelinesError(
                .noRecognizers, "`\(bundle.manifest.name)`: recognises neither pictures nor speech; name one that does")
        }
        return Set(named.compactMap { $0.manifest.classifier != nil ? .frames : $0.manifest.isSpeech ? .speech : nil })
    }
}
