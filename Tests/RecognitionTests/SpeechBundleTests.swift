import FoundationEssentials
import Testing

@testable import Recognition

/// What a bundle's manifest must say of speech.
struct SpeechBundleTests {
    private static let digest = String(repeating: "0", count: 64)
    private static let whisper = """
        "kind": "whisper", "encoder": "encoder.onnx", "decoder": "decoder.onnx", "vocabulary": "vocabulary.bin",
        "network": {
          "layers": 4, "heads": 6, "headSize": 64, "vocabulary": 100, "positions": 448, "frames": 3000,
          "tokens": {"end": 50, "start": 51, "transcribe": 54, "previous": 55, "noSpeech": 56, "noTimestamps": 57,
                     "firstTimestamp": 58},
          "languages": {"en": 52}, "suppressed": [1, 2], "suppressedAtStart": [3]
        },
        "accuracy": {"wordErrorRate": 0.08, "words": 175, "measured": "by hand"}
        """
    private static let moonshine = """
        "kind": "moonshine", "encoder": "encoder.onnx", "decoder": "decoder.onnx", "vocabulary": "vocabulary.bin",
        "network": {
          "layers": 6, "heads": 8, "headSize": 36, "vocabulary": 100, "positions": 512,
          "convolutions": [{"size": 127, "stride": 64}, {"size": 7, "stride": 3}, {"size": 3, "stride": 2}],
          "tokens": {"start": 1, "end": 2}, "tokensPerSecond": 6.5
        }
        """
    private static let voice = """
        "kind": "voice-activity", "graph": "encoder.onnx",
        "network": {"frame": 512, "context": 64, "state": [2, 1, 128]}
        """

    private func manifest(_ specific: String) throws -> ModelManifest {
        let files = ["encoder.onnx", "decoder.onnx", "vocabulary.bin"].map { "\"\($0)\": \"\(Self.digest)\"" }
        let text = """
            {"format": "heed-model/1", "name": "a", "task": "t", "family": "f", "precision": "fp32", "license": "MIT",
             "origin": {"package": "p", "version": "0", "file": "w", "sha256": "\(Self.digest)"}, "recipe": 1,
             "files": {\(files.joined(separator: ", "))}, \(specific)}
            """
        return try JSONDecoder().decode(ModelManifest.self, from: Data(text.utf8))
    }

    @Test(arguments: [whisper, moonshine, voice])
    func aManifestThatMakesSenseIsTakenAndEncodesToItself(specific: String) throws {
        let manifest = try manifest(specific)
        #expect(manifest.problem() == nil)
        #expect([manifest.whisper != nil, manifest.moonshine != nil, manifest.voiceActivity != nil].count { $0 } == 1)
        let again = try JSONDecoder().decode(ModelManifest.self, from: try JSONEncoder().encode(manifest))
        #expect(again == manifest)
    }

    @Test(arguments: [
        (whisper, "\"decoder.onnx\"", "\"other.onnx\"", "decoder"),
        (whisper, "\"layers\": 4", "\"layers\": 0", "network.layers"),
        (whisper, "\"headSize\": 64", "\"headSize\": 99999999", "network.headSize"),
        (whisper, "\"frames\": 3000", "\"frames\": 3001", "network.frames"),
        (whisper, "\"end\": 50", "\"end\": 100", "token 100"),
        (whisper, "\"en\": 52", "\"en\": -1", "token -1"),
        (whisper, "[1, 2]", "[1, 1000]", "token 1000"),
        (whisper, "\"wordErrorRate\": 0.08", "\"wordErrorRate\": -1", "accuracy.wordErrorRate"),
        (
            whisper, "\"wordErrorRate\": 0.08", "\"wordErrorRate\": 0.08, \"precisions\": {\"bf16\": -1}",
            "accuracy.precisions.bf16"
        ),
        (moonshine, "\"vocabulary.bin\"", "\"other.bin\"", "vocabulary"),
        (moonshine, "\"stride\": 64", "\"stride\": 0", "network.convolutions"),
        (moonshine, "\"end\": 2", "\"end\": 100", "network.tokens"),
        (moonshine, "6.5", "0", "network.tokensPerSecond"),
        (voice, "\"encoder.onnx\"", "\"../encoder.onnx\"", "graph"),
        (voice, "512", "0", "network.frame"),
        (voice, "[2, 1, 128]", "[2, 1, 99999999]", "network.state"),
    ])
    func aManifestThatMakesNoSenseIsRefusedByKey(specific: String, from: String, to: String, key: String) throws {
        let problem = try #require(try manifest(specific.replacing(from, with: to)).problem())
        #expect(problem.contains(key))
    }

    @Test func anEncodedSoundIsAsLongAsTheConvolutionsMakeIt() throws {
        let network = try #require(try manifest(Self.moonshine).moonshine).network
        #expect(network.encodedLength(of: 894) == 0)
        #expect(network.encodedLength(of: 895) == 1)
        #expect(network.encodedLength(of: 16_000) == 40)
    }
}
