import Foundation
import Media
import Recordings
import Testing

extension FFmpegProgram {
    /// Expects that `ffmpeg` plays a file without a warning; says aloud where the program is missing.
    static func expectNoComplaint(
        but remark: String = "", about file: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        guard let path else { return print("SKIPPED: the ffmpeg program is not installed to play \(file)") }
        let complaints = try output(
            of: path,
            [
                "-v", "warning", "-nostdin", "-i", file,
                // Frames closer together than the mean rate says are no fault: keep the file's own clock.
                "-enc_time_base", "-1", "-f", "null", "-",
            ])
        #expect(complaints == remark, "\(complaints)", sourceLocation: location)
    }

    /// What a program writes to its standard output and error.
    static func output(of program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}

/// What is read back from a recording.
enum ReadBack {
    static func frames(_ path: String) throws -> [Happening] {
        let recording = try Recording.open(path)
        let origin = try #require(recording.origin)
        var happenings: [Happening] = []
        while let event = try recording.next() { happenings.append(try #require(Happening(event, origin: origin))) }
        return happenings
    }

    static func sound(_ path: String) throws -> [SoundRecording.Event] {
        let recording = try SoundRecording.open(path)
        var events: [SoundRecording.Event] = []
        while let event = try recording.next() { events.append(event) }
        return events
    }
}

/// Options under which nothing is left out, however fast a test writes.
var roomyOptions: RecordingOptions {
    var options = RecordingOptions()
    options.frameCapacity = .max
    options.soundCapacity = .max
    options.noteCapacity = .max
    return options
}

/// The error that an action throws.
func recordingError(
    at location: SourceLocation = #_sourceLocation, _ action: () throws -> Void
) -> RecordingError? {
    do {
        try action()
        Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as RecordingError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: location)
    }
    return nil
}
