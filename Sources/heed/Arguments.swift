public import Alert
public import ArgumentParser
public import Pipelines
public import Recordings
import Units

extension Feedback: ExpressibleByArgument {}
extension PipelineConfiguration.Pace: ExpressibleByArgument {}
extension PipelineConfiguration.Minimize: ExpressibleByArgument {}
extension PipelineConfiguration.Sharing: ExpressibleByArgument {}
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

/// Reads a power on the command line.
func wattsArgument(_ text: String) throws -> Watts {
    guard let power = Watts(text: text), power > .zero else {
        throw ValidationError("expected a power above 0 with its unit (mW or W), such as 12W; found `\(text)`")
    }
    return power
}

/// Writes a command's answer, one line or several, to standard output.
///
/// - Throws: `PipelinesError` of code `resultsNotWritten` when it cannot be written there, as on a full disk.
func answer(_ text: String) throws(PipelinesError) {
    // Where both go to one terminal, they are to be in order.
    LineLogHandler.flush()
    try StandardOutput.write(line: text)
}
