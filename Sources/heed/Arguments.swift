public import ArgumentParser
import Foundation
public import Pipelines
import Units

extension PipelineConfiguration.Pace: ExpressibleByArgument {}
extension PipelineConfiguration.Minimize: ExpressibleByArgument {}

/// A duration above zero on the command line, such as `100ms`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration
    init?(argument: String) {
        guard let duration = Duration(text: argument) else { return nil }
        self.duration = duration
    }
}

/// An energy on the command line, such as `2J`.
struct EnergyArgument: ExpressibleByArgument {
    let energy: Joules
    init?(argument: String) {
        guard let energy = Joules(text: argument) else { return nil }
        self.energy = energy
    }
}

/// Options of every command that chooses among recognisers.
struct CandidateOptions: ParsableArguments {
    @Option(
        name: .long, help: "Recognisers to choose from; repeat for several. Default: all image classifiers installed.")
    var recognizer: [String] = []

    @Option(
        name: .long, help: "Thread counts to choose from, such as 1,2. Default: 1, 2, 4, up to the number of cores.")
    var threads: ThreadCounts?

    @Option(name: .customLong("profile"), help: "The profile's file. Default: profile.json in heed's data folder.")
    var profilePath: String?

    func apply(to configuration: inout PipelineConfiguration) {
        if !recognizer.isEmpty { configuration.recognizers = recognizer }
        if let threads { configuration.threads = threads.counts }
    }
}

/// A list of thread counts, such as `1,2`.
struct ThreadCounts: ExpressibleByArgument {
    let counts: [Int]
    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { (1...256).contains($0) }
        guard !numbers.isEmpty, numbers.count == parts.count else { return nil }
        counts = numbers
    }
}

/// Writes a line to standard error: what heed does, apart from its results.
func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
