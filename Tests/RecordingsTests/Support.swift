import Foundation
import Media
import Recordings
import Testing

/// A folder that goes with the test.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("heed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var path: String { url.path }
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    @discardableResult
    func write(_ data: Data, to name: String) throws -> String {
        try data.write(to: url.appendingPathComponent(name))
        return path(name)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

/// The `ffmpeg` program, which makes the tests' recordings.
enum FFmpegProgram {
    static let path = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isThere: Bool { path != nil }
    static let skipped: Comment = "SKIPPED: the ffmpeg program is not installed, so no recordings can be made"

    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Runs `ffmpeg` with arguments as one would type them, in `folder`.
    static func run(_ arguments: String, in folder: TemporaryFolder) throws {
        guard let path else { throw Failure(description: "\(skipped)") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.currentDirectoryURL = folder.url
        process.arguments =
            ["-v", "error", "-nostdin", "-y"] + arguments.split(separator: " ").map(String.init)
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "ffmpeg \(arguments): \(String(decoding: output, as: UTF8.self))")
        }
    }

    /// Frames of 64×48, ten a second, whose luma is 20 + 10 · their number, gray but for `color`.
    static func steps(_ count: Int = 12, size: String = "64x48", color: String = "cb=128:cr=128") -> String {
        "-f lavfi -i color=black:s=\(size):r=10,format=yuv420p,geq=lum=20+10*N:\(color) -frames:v \(count)"
    }
}

/// All that a recording gives, and the error at its end, if any.
struct Contents {
    var events: [RecordedEvent] = []
    var error: RecordingError?

    init(_ recording: Recording) {
        do {
            while let event = try recording.next() { events.append(event) }
        } catch {
            self.error = error
        }
    }

    var frames: [RecordedFrame] {
        events.compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
    }

    var damaged: [(sequence: Int, name: String?, reason: String)] {
        events.compactMap {
            if case .damaged(let sequence, _, let name, _, let reason) = $0 { (sequence, name, reason) } else { nil }
        }
    }
}

extension Frame {
    /// The mean color of the middle of the picture, R, G, B, as a recogniser would see it.
    func meanColor() throws -> [Double] {
        var tensor = [UInt8](repeating: 0, count: 16 * 16 * 3)
        let result = tensor.withUnsafeMutableBytes { memory in
            Result { try FrameConverter().convert(self, crop: CenterCrop(), width: 16, height: 16, into: memory) }
        }
        try result.get()
        return (0..<3).map { channel in
            stride(from: channel, to: tensor.count, by: 3).reduce(0) { $0 + Double(tensor[$1]) } / 256
        }
    }
}

/// The error that opening throws.
func openError(
    _ path: String, rate: Double? = nil, labels: String? = nil, at location: SourceLocation = #_sourceLocation
) -> RecordingError? {
    do {
        _ = try Recording.open(path, rate: rate, labels: labels)
        Issue.record("opening \(path) did not fail", sourceLocation: location)
        return nil
    } catch {
        return error
    }
}
