import FoundationEssentials
import Glibc
import Testing

@testable import Recognition

extension Installed {
    /// What each processor offers; none without ONNX Runtime. Said once in a process: a processor takes up to seconds.
    static let processors = (try? OnnxRuntime.load())?.processors() ?? []

    static func has(_ processor: Processor, _ precision: Precision = .fp32) -> Bool {
        processors.contains { $0.processor == processor && $0.precisions.contains(precision) }
    }

    static let noOpenVINO: Comment = "SKIPPED: OpenVINO is not installed; run `make extras`"
    static let noBfloat16: Comment = "SKIPPED: OpenVINO is not installed, or this machine's cores have no bf16"
    static let noWebGPU: Comment =
        "SKIPPED: there is no GPU for WebGPU; `make test` brings a software driver, which README.md of assets names"

    /// The bundle of a name; nil where it is not installed.
    static func bundle(_ name: String) -> ModelBundle? {
        try? ModelBundle(directory: "\(DataFolder.models)/\(name)")
    }
}

/// What the demo recording shows: one frame of each of its four scenes.
enum DemoPictures {
    static let recording = DataFolder.root + "/recordings/demo.mkv"
    static let missing: Comment = "SKIPPED: there is no demo recording, or no ffmpeg to read it; run `make assets`"
    static let areThere = (try? frame(at: 2.5, width: 8, height: 8)) != nil

    /// The frames' pixels, R, G and B in turn, as wide and high as a classifier's input.
    static func frames(for classifier: ImageClassifier) throws -> [[UInt8]] {
        try [2.5, 7.5, 12.5, 17.5].map { try frame(at: $0, width: classifier.width, height: classifier.height) }
    }

    private static func frame(at seconds: Double, width: Int, height: Int) throws -> [UInt8] {
        let command =
            "ffmpeg -loglevel quiet -ss \(seconds) -i '\(recording)' -frames:v 1 "
            + "-vf crop=ih:ih,scale=\(width):\(height) -f rawvideo -pix_fmt rgb24 -"
        let pipe = try #require(popen(command, "r"))
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let count = fread(&pixels, 1, pixels.count, pipe)
        try #require(pclose(pipe) == 0 && count == pixels.count)
        return pixels
    }
}

extension ImageClassifier {
    /// The scores of all classes, by class.
    func scores(of pixels: [UInt8]) throws -> [Float] {
        input.copyBytes(from: pixels)
        try run()
        let all = top(bundle.labels.count)
        var scores = [Float](repeating: 0, count: all.count)
        for classification in all { scores[classification.classIndex] = classification.score }
        return scores
    }
}

extension [Float] {
    var best: Int { indices.max { self[$0] < self[$1] } ?? 0 }

    func largestDifference(from other: [Float]) -> Float { zip(self, other).map { abs($0 - $1) }.max() ?? .infinity }
}
