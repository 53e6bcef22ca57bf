import FoundationEssentials
import Glibc
import Testing
import Units

@testable import Recognition

/// The bundles for speech that set-up installs, and sound to try them on.
enum Speech {
    static let bundles = ((try? ModelBundle.all(in: DataFolder.models)) ?? []).compactMap { try? $0.bundle.get() }
    static let recognizers = bundles.filter { $0.manifest.whisper != nil || $0.manifest.moonshine != nil }
    static let whispers = bundles.filter { $0.manifest.whisper != nil }
    static let detectors = bundles.filter { $0.manifest.voiceActivity != nil }

    static let none: Comment = "SKIPPED: there are no bundles for speech; run `heed models build`"
    static let noSynthesis: Comment = "SKIPPED: there is no ffmpeg with flite to speak with; apt-get install ffmpeg"

    /// What ``spoken`` says.
    static let words = "the weather is fine today we will walk to the river and come back before dinner"
    /// Synthesized speech; nil where nothing can synthesize it.
    static let spoken: [Float]? = {
        let text = "The weather is fine today. We will walk to the river and come back before dinner."
        let command = "ffmpeg -loglevel quiet -f lavfi -i \"flite=text='\(text)':voice=slt\" -ar 16000 -ac 1 -f f32le -"
        guard let pipe = popen(command, "r") else { return nil }
        var samples: [Float] = []
        var chunk = [Float](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 4, chunk.count, pipe), count > 0 { samples += chunk[..<count] }
        return pclose(pipe) == 0 && samples.count > 16_000 ? samples : nil
    }()

    static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }

    static func noise(_ seconds: Double) -> [Float] {
        var random = SeededGenerator(seed: 7)
        return (0..<Int(seconds * 16_000)).map { _ in Float.random(in: -0.2...0.2, using: &random) }
    }

    static func tone(_ seconds: Double) -> [Float] { (0..<Int(seconds * 16_000)).map { 0.3 * sin(Float($0) * 0.17) } }

    /// Lower case, letters only.
    static func plain(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter }.joined(separator: " ")
    }

    /// A Whisper whose numbers are easy to follow: words 0…9, the end 10, marks up to 16, times from 17 on.
    static let network = WhisperManifest.Network(
        layers: 1, heads: 1, headSize: 1, vocabulary: 120, positions: 32, frames: 3000,
        tokens: .init(
            end: 10, start: 11, transcribe: 14, previous: 15, noSpeech: 13, noTimestamps: 16, firstTimestamp: 17),
        languages: ["en": 12], suppressed: [3, 11, 13, 14, 15], suppressedAtStart: [0, 10])
}

/// Runs `body` on scores of its own, and gives its result.
func withLogits<Result>(_ scores: [Float], _ body: (Logits) throws -> Result) rethrows -> Result {
    var scores = scores
    return try scores.withUnsafeMutableBufferPointer { try body(Logits(scores: $0)) }
}
