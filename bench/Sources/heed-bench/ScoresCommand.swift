import ArgumentParser
import Foundation
import Recognition

/// Tells the scores of pictures, to compare one processor's with another's.
struct ScoresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scores",
        abstract: "Classify pictures, one a line: files of pixels, R, G and B in turn, of the recogniser's size.")

    @Argument(help: "The bundle's folder.")
    var bundle: String

    @OptionGroup var options: ProcessorOptions

    func run() throws {
        let classifier = try ImageClassifier(
            bundle: ModelBundle(directory: bundle), runtime: .load(), options: options.session(threads: 2))
        try Lines.serve { path in
            let pixels = try Data(contentsOf: URL(filePath: path))
            guard pixels.count == classifier.input.count else {
                throw ValidationError("\(path): has \(pixels.count) bytes, not \(classifier.input.count)")
            }
            classifier.input.copyBytes(from: pixels)
            try classifier.run()
            return classifier.top(classifier.bundle.labels.count).map { Score(of: $0.classIndex, is: $0.score) }
        }
    }

    private struct Score: Encodable {
        var `class`: Int
        var score: Float

        init(of index: Int, is score: Float) {
            `class` = index
            self.score = score
        }
    }
}
