import Media

/// A speech recognizer, loaded and ready: sound goes in, words come out.
///
/// Not thread-safe: a recognizer belongs to one thread at a time, and transcribing blocks that thread for tens to
/// hundreds of milliseconds and puts others to work, so it must not be one of Swift's cooperative pool.
public protocol SpeechRecognizer: AnyObject {
    /// The bundle's name, for example `whisper-base-int8`.
    var name: String { get }

    /// Recognizes one utterance. Blocks; the time and memory it takes are bounded whatever the sound is.
    ///
    /// - Parameters:
    ///   - samples: Mono sound at 16 kHz, −1…1, at most 30 s of it. No sound at all gives no words.
    ///   - options: How to decode. What a recognizer has no use for it ignores, and its documentation says so.
    /// - Throws: `.audioInvalid` for sound that is too long or has samples that are no numbers, `.languageUnknown`, and
    ///   `.inferenceFailed` with ONNX Runtime's reason.
    func transcribe(
        _ samples: UnsafeBufferPointer<Float>, options: TranscriptionOptions
    ) throws(RecognitionError) -> Transcription
}

extension SpeechRecognizer {
    /// Recognizes one utterance held in an array; see ``transcribe(_:options:)``.
    public func transcribe(
        _ samples: [Float], options: TranscriptionOptions = TranscriptionOptions()
    ) throws(RecognitionError) -> Transcription {
        let result = samples.withUnsafeBufferPointer { buffer in
            Result { () throws(RecognitionError) in try transcribe(buffer, options: options) }
        }
        return try result.get()
    }
}

/// What every speech recognizer agrees on.
public enum SpeechAudio {
    /// Samples a second.
    public static let rate = AudioBlock.rate
    /// The most samples that are recognized at once: 30 s.
    public static let longest = 30 * rate

    /// How long so many samples last.
    public static func duration(of samples: Int) -> Duration { AudioBlock.duration(of: samples) }

    /// Refuses sound that no recognizer can take; one pass over the samples.
    static func check(_ samples: UnsafeBufferPointer<Float>, for name: String) throws(RecognitionError) {
        guard samples.count <= longest else {
            throw RecognitionError(
                .audioInvalid,
                "\(name): \(duration(of: samples.count)) of sound are more than the 30 s that are recognized at once. "
                    + "Cut it at a pause.")
        }
        // A sum of finite samples within −1…1 is finite; one that is no number spoils it.
        guard samples.reduce(0, +).isFinite else {
            let place = samples.firstIndex { !$0.isFinite }.map { "sample \($0) is \(samples[$0])" }
            throw RecognitionError(
                .audioInvalid,
                "\(name): \(place ?? "the samples are far too large"); sound must be numbers from −1 to 1. "
                    + "Look at what decoded it.")
        }
    }
}
