public import ArgumentParser
import Foundation
public import Pipelines
public import Recordings
import Units

extension PipelineConfiguration.Pace: ExpressibleByArgument {}
extension PipelineConfiguration.Minimize: ExpressibleByArgument {}
extension SampleResult.Stream: ExpressibleByArgument {}
extension TranscriptFormat: ExpressibleByArgument {}
extension VideoTrack.Storage: ExpressibleByArgument {}
extension SoundTrack.Storage: ExpressibleByArgument {}

/// Reads a time on the command line.
func timeArgument(_ text: String) throws -> Duration {
    guard let duration = Duration(text: text), duration > .zero else {
        throw ValidationError("expected a time above 0 with its unit (us, ms, s or min), such as 33ms; found `\(text)`")
    }
    return duration
}

/// Reads an energy on the command line.
func energyArgument(_ text: String) throws -> Joules {
    guard let energy = Joules(text: text), energy > .zero else {
        throw ValidationError("expected an energy above 0 with its unit (mJ, J or kJ), such as 2J; found `\(text)`")
    }
    return energy
}

/// Reads a list of thread counts, such as `1,2`, on the command line.
func threadsArgument(_ text: String) throws -> [Int] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { (1...256).contains($0) }
    guard numbers.count == parts.count else {
        throw ValidationError("expected thread counts from 1 to 256 with commas between, such as 1,2; found `\(text)`")
    }
    return numbers
}

/// Options of every command that chooses among recognisers.
struct CandidateOptions: ParsableArguments {
    @Option(
        name: .long, help: "Recognisers to choose from; repeat for several. Default: those installed.")
    var recognizer: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Thread counts to choose from, such as 1,2. Default: 1, 2, 4, up to the number of cores.",
        transform: threadsArgument)
    var threads: [Int]?

    @Option(
        name: .customLong("profile"), help: "The profile's file. Default: profiles/profile.json in heed's data folder.")
    var profilePath: String?

    func apply(to configuration: inout PipelineConfiguration) {
        if !recognizer.isEmpty { configuration.recognizers = recognizer }
        if let threads { configuration.threads = threads }
    }
}

/// Writes a line to standard error: what heed does, apart from its results.
///
/// Words that cannot be shown are no reason to stop the work.
func say(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }
