import ArgumentParser
import Dispatch
import Foundation
import Media
import Recognition
import Recordings
import Units

/// Times frames that are converted and inferred one after the other, and with the next frame's conversion, on a thread
/// of its own, beside the last one's inference.
struct OverlapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlap", abstract: "Time conversion before inference, and beside it, block by block.")

    @Argument(help: "The recogniser's name.")
    var recognizer: String

    @Argument(help: "A recording.")
    var recording: String

    @Option(help: "Threads that infer.")
    var threads = 1

    func run() throws {
        let bundle = try ModelBundle(directory: DataFolder.models + "/" + recognizer)
        let classifier = try ImageClassifier(
            bundle: bundle, runtime: .load(), options: SessionOptions(processor: .cpu, threads: threads))
        guard case .frame(let recorded)? = try Recording.open(recording).next() else {
            throw ValidationError("\(recording) has no frame")
        }
        let helper = ConvertingThread(recorded.frame, like: classifier)
        let converter = FrameConverter()
        try Blocks.serve { repetitions in
            func times(_ step: () throws -> Void) rethrows -> [Int64] {
                try (0..<repetitions).map { _ in
                    let start = MonotonicTime.now()
                    try step()
                    return (MonotonicTime.now() - start).nanoseconds
                }
            }
            let after = try times {
                try converter.convert(
                    recorded.frame, crop: CenterCrop(margin: classifier.cropMargin), width: classifier.width,
                    height: classifier.height, into: classifier.input)
                try classifier.run()
            }
            helper.begin()
            let beside = try times {
                helper.finish(into: classifier.input)
                helper.begin()
                try classifier.run()
            }
            helper.finish(into: classifier.input)
            return ["after": after, "beside": beside]
        }
    }
}

/// Converts one frame again and again, when told to, into a tensor of its own.
private final class ConvertingThread: @unchecked Sendable {
    // The tensor is the thread's between `start` and `end`, else the caller's.

    private let start = DispatchSemaphore(value: 0)
    private let end = DispatchSemaphore(value: 0)
    private let tensor: UnsafeMutableRawBufferPointer

    init(_ frame: Frame, like classifier: ImageClassifier) {
        tensor = .allocate(byteCount: classifier.input.count, alignment: 64)
        let (margin, width, height) = (classifier.cropMargin, classifier.width, classifier.height)
        Thread.detachNewThread { [self] in
            let converter = FrameConverter()
            while true {
                start.wait()
                try? converter.convert(
                    frame, crop: CenterCrop(margin: margin), width: width, height: height, into: tensor)
                end.signal()
            }
        }
    }

    func begin() { start.signal() }

    func finish(into input: UnsafeMutableRawBufferPointer) {
        end.wait()
        input.copyMemory(from: UnsafeRawBufferPointer(tensor))
    }
}
