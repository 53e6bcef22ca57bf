import Foundation
import Glibc
import Media
import Recordings
import Testing
import Units

/// A recording whose end was cut off in whatever way is good up to there.
struct CrashTests {
    /// A camera and a microphone, recorded at their own pace for `seconds` by this very process.
    private static func record(to path: String, seconds: Double, paced: Bool = true) throws -> RecordingReport {
        var random = SeededGenerator(seed: 3)
        let origin = MonotonicTime.now()
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 2, encoding: .signed16))
        microphone.start = origin
        let writer = try RecordingWriter(
            path: path, origin: origin, video: VideoTrack(device: "camera"),
            sound: SoundTrack(device: "hw:0", format: microphone.format, storage: .pcm),
            options: paced ? RecordingOptions() : roomyOptions)
        let picture = Frame.noise(.yuyv, 160, 120, using: &random)
        for number in 0..<Int(seconds * 20) {
            let captured = origin + .milliseconds(50 * number)
            if paced { captured.sleep() }
            try writer.append(
                CapturedFrame(
                    number: number, captured: captured, timeQuality: .device, arrived: captured, frame: picture))
            for _ in 0..<5 {
                let block = microphone.block(480) { _ in Double.random(in: -1...1, using: &random) }
                try writer.append(block, arrived: captured)
            }
        }
        return try writer.finish()
    }

    /// Not a test by itself: what the tests below start in another process.
    @Test(.enabled(if: Child.task != nil, "only as another test's child process"))
    func child() throws {
        let task = try #require(Child.task)
        if task.fileLimit > 0 {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: rlim_t(task.fileLimit), rlim_max: rlim_t(task.fileLimit))
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        }
        do {
            let report = try Self.record(to: task.path, seconds: task.seconds, paced: task.fileLimit == 0)
            if let failure = report.failure { throw failure }
        } catch {
            _ = FileManager.default.createFile(atPath: task.path + ".error", contents: Data("\(error)".utf8))
        }
    }

    /// What a file holds: its frames are numbered without a hole, and so is its sound.
    private func contents(_ path: String) throws -> (frames: Int, sound: Double) {
        let recording = try Recording.open(path)
        var frames = 0
        do {
            while let event = try recording.next() {
                guard case .frame(let frame) = event else {
                    // A machine that is busy with other things leaves frames out.
                    frames += { if case .missing(let missing, _) = event { missing.count } else { 0 } }()
                    continue
                }
                #expect(frame.sequence == frames)
                frames += 1
            }
        } catch {
            #expect(error.code == .unreadable || error.code == .truncated, "\(error)")
        }
        let sound = try SoundRecording.open(path)
        var position: Int64 = 0
        do {
            while case .sound(let block, _)? = try sound.next() {
                #expect(block.position == position)
                position += Int64(block.frames)
            }
        } catch {
            #expect(error.code == .unreadable || error.code == .truncated, "\(error)")
        }
        return (frames, Double(position) / 48_000)
    }

    @Test func whatWasRecordedUntilThePowerCutIsThere() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        let child = try Child.start(Child.Task(path: path, seconds: 60, fileLimit: 0))
        defer { child.kill() }
        let deadline = Date(timeIntervalSinceNow: 60)
        while !FileManager.default.fileExists(atPath: path), Date() < deadline { usleep(10_000) }
        let started = MonotonicTime.now()
        usleep(3_300_000)
        let length = (MonotonicTime.now() - started).seconds
        child.kill()
        let held = try contents(path)
        #expect(Double(held.frames) / 20 > length - 1, "\(held) of \(length) s")
        #expect(held.sound > length - 1, "\(held) of \(length) s")
        try FFmpegProgram.expectNoComplaint(
            but: "Guessed Channel Layout for Input Stream #0.1 : stereo\n", about: path)
    }

    @Test func aFileThatMayNotGrowIsCutBackToWhatIsWhole() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        let child = try Child.start(Child.Task(path: path, seconds: 20, fileLimit: 700_000))
        child.wait()
        let message = String(decoding: try folder.read("a.mkv.error"), as: UTF8.self)
        #expect(message.contains("a.mkv: cannot be written on: file too large; this file may not grow more"))
        let size = try folder.read("a.mkv").count
        #expect(size > 400_000 && size <= 700_000)
        let held = try contents(path)
        #expect(held.frames > 5 && held.sound > 0.3)
        try FFmpegProgram.expectNoComplaint(
            but: "Guessed Channel Layout for Input Stream #0.1 : stereo\n", about: path)
    }

    @Test func anyMomentsBytesOpen() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        let report = try Self.record(to: path, seconds: 5, paced: false)
        #expect(report.frames == 100)
        let bytes = try folder.read("a.mkv")
        var random = SeededGenerator(seed: 4)
        var before = 0
        // What comes before the first cluster is no recording yet.
        for cut in (0..<40).map({ _ in Int.random(in: 100_000..<bytes.count, using: &random) }).sorted() {
            try folder.write(bytes.prefix(cut), to: "cut.mkv")
            let held = try contents(folder.path("cut.mkv"))
            #expect(held.frames >= before && held.frames <= 100)
            before = held.frames
        }
        #expect(before > 50)
    }
}

/// This test program once more, as a process that may be killed.
private struct Child {
    struct Task: Codable {
        var path: String
        var seconds: Double
        var fileLimit: Int
    }

    private static let variable = "HEED_RECORDER_CHILD"
    /// What this process is to do as a child; nil in the parent.
    static let task = ProcessInfo.processInfo.environment[variable].flatMap {
        try? JSONDecoder().decode(Task.self, from: Data($0.utf8))
    }

    private let process: Process

    static func start(_ task: Task) throws -> Child {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments =
            Array(CommandLine.arguments.dropFirst()).filter { $0.hasSuffix(".xctest") }
            + ["--testing-library", "swift-testing", "--filter", "CrashTests/child"]
        var environment = ProcessInfo.processInfo.environment
        environment[variable] = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return Child(process: process)
    }

    func kill() {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    func wait() { process.waitUntilExit() }
}
