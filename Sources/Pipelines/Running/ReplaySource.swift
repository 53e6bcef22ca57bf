import Foundation
public import Recognition
public import Recordings

/// The streams of a recording that are to be recognised, opened.
public struct ReplaySource {
    /// Its frames; nil when it has none, or they are not wanted.
    public var frames: Recording?
    /// Its sound; nil when it has none, or it is not wanted.
    public var sound: AudioRecording?
    /// Why its sound is left out, where it has some that was not asked for by name.
    public var soundFailure: RecordingError?

    /// Opens the streams that the configuration asks for: those it lists, else those it names recognisers for, else all
    /// that the recording has.
    ///
    /// - Throws: `RecordingError` when what was asked for is not there, or nothing is; `PipelinesError` for a recogniser
    ///   that is not installed.
    public static func open(
        _ path: String, _ configuration: PipelineConfiguration, models: String = DataFolder.models
    ) throws -> ReplaySource {
        let wanted = try configuration.wantedStreams(models: models)
        var source = ReplaySource()
        var framesFailure: RecordingError?
        if wanted?.contains(.frames) ?? true {
            do {
                source.frames = try Recording.open(
                    path, rate: configuration.recording.rate, labels: configuration.recording.labels)
            } catch {
                guard wanted == nil, error.code == .notAVideo else { throw error }
                framesFailure = error
            }
        }
        if wanted?.contains(.speech) ?? (source.frames?.info.kind != .pictures) {
            do {
                source.sound = try AudioRecording.open(path)
            } catch {
                guard wanted == nil else { throw error }
                // Without frames, that there is neither is what matters.
                if source.frames == nil { throw error.code == .noSound ? framesFailure ?? error : error }
                if error.code != .noSound { source.soundFailure = error }
            }
        }
        return source
    }

    /// The text that is said, for comparing: `NAME.words.txt` beside `NAME.EXT`, unless the configuration names a file.
    ///
    /// - Throws: `PipelinesError` when a file that is named cannot be read.
    public static func referenceText(
        of path: String, _ configuration: PipelineConfiguration
    ) throws(PipelinesError) -> String? {
        guard let named = configuration.speech.reference else {
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
        let named = try ModelBundle.installed(named: recognizers, in: models)
        for bundle in named where bundle.manifest.classifier == nil && !bundle.manifest.isSpeech {
            throw PipelinesError(
                .noRecognizers, "`\(bundle.manifest.name)`: recognises neither pictures nor speech; name one that does")
        }
        return Set(named.compactMap { $0.manifest.classifier != nil ? .frames : $0.manifest.isSpeech ? .speech : nil })
    }
}
