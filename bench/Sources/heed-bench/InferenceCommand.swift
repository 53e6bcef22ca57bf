import ArgumentParser
import Media
import Recognition
import Units

/// Times `ImageClassifier.run`.
struct InferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference", abstract: "Time one inference, block by block.")

    @Argument(help: "The bundle's folder.")
    var bundle: String

    @Option(help: "Threads that work on one picture.")
    var threads = 1

    @Option(help: "Milliseconds to sleep before each inference.")
    var rest = 0

    @OptionGroup var options: ProcessorOptions

    func run() throws {
        let classifier = try ImageClassifier(
            bundle: ModelBundle(directory: bundle), runtime: .load(), options: options.session(threads: threads))
        var state: UInt32 = 1
        for index in classifier.input.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            classifier.input[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
        try Blocks.serve { repetitions in
            var times: [Int64] = []
            times.reserveCapacity(repetitions)
            for _ in 0..<repetitions {
                if rest > 0 { (MonotonicTime.now() + .milliseconds(rest)).sleep() }
                let start = MonotonicTime.now()
                try classifier.run()
                times.append((MonotonicTime.now() - start).nanoseconds)
            }
            return ["inference": times]
        }
    }
}
