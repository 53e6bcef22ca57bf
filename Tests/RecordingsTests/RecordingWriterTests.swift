import Foundation
import Media
import Recordings
import Testing
import Units

/// What is recorded comes back, bit by bit and nanosecond by nanosecond, and others can play it.
struct RecordingWriterTests {
    private let origin = MonotonicTime(nanoseconds: 7_000_000_000_001)
    private let camera = VideoTrack(device: "/dev/v4l/by-id/test", mode: "64×48 at 25/s")

    private func captured(_ number: Int, _ frame: Frame) -> CapturedFrame {
        CapturedFrame(
            number: number, captured: origin + .nanoseconds(Int64(number) * 40_000_003 + 7), timeQuality: .device,
            arrived: origin + .nanoseconds(Int64(number) * 40_000_003 + 21_000_011), frame: frame)
    }

    private func record(
        _ frames: [CapturedFrame], to path: String, storage: VideoTrack.Storage = .lossless
    ) throws -> RecordingReport {
        var camera = camera
        camera.storage = storage
        let writer = try RecordingWriter(path: path, origin: origin, video: camera, sound: nil, options: roomyOptions)
        for frame in frames { try writer.append(frame) }
        return try writer.finish()
    }

    @Test(arguments: PixelFormat.allCases.filter { $0 != .jpeg })
    func eachFormatComesBackBitByBit(_ format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 5)
        let colors =
            format == .rgb24 ? [ColorEncoding.jpeg] : [.jpeg, .video, .init(matrix: .bt709, isFullRange: false)]
        for (index, color) in colors.enumerated() {
            let frames = (0..<5).map {
                captured($0, .noise(format, 64, 48, color: color, padding: 16 * index, using: &random))
            }
            let path = folder.path("\(index).mkv")
            #expect(try record(frames, to: path).frames == 5)
            var back = try ReadBack.frames(path)
            // Of RGB nobody asks for a matrix.
            if format == .rgb24 { back = back.map { $0.withColor(.jpeg) } }
            #expect(back == frames.map(Happening.init))
            try FFmpegProgram.expectNoComplaint(about: path)
        }
    }

    @Test(arguments: [PixelFormat.nv12, .i420, .gray, .rgb24, .i422, .i444])
    func oddSizesComeBackToo(_ format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 6)
        for (width, height) in [(63, 47), (16, 16), (17, 19), (129, 128), (321, 241)] {
            let frames = (0..<2).map { captured($0, .noise(format, width, height, color: .jpeg, using: &random)) }
            let path = folder.path("\(width).mkv")
            _ = try record(frames, to: path)
            let back = try ReadBack.frames(path).map { $0.withColor(.jpeg) }
            #expect(back == frames.map { Happening($0).withColor(.jpeg) })
        }
    }

    @Test(arguments: [(8, 48), (48, 8), (33, 32)])
    func sizesThatCannotBeStoredAreRefusedClearly(_ width: Int, _ height: Int) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 12)
        let frame = captured(0, .noise(.yuyv, width, height, using: &random))
        let error = recordingError { _ = try record([frame], to: folder.path("a.mkv")) }
        #expect(error?.code == .notStorable)
        #expect(error?.message.contains("\(width)×\(height) yuyv frames cannot be stored lossless") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.mkv")))
    }

    @Test(arguments: PixelFormat.allCases.filter { $0 != .jpeg })
    func rawFramesComeBackOrAreRefusedClearly(_ format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 7)
        let frames = (0..<5).map { captured($0, .noise(format, 64, 48, padding: 32, using: &random)) }
        if [.rgb24, .i444].contains(format) {
            let error = recordingError { _ = try record(frames, to: folder.path("a.mkv"), storage: .raw) }
            #expect(error?.code == .notStorable)
            #expect(error?.message.contains("only yuyv, uyvy, nv12, i420, i422, gray; store them lossless") == true)
            #expect(!FileManager.default.fileExists(atPath: folder.path("a.mkv")))
            return
        }
        _ = try record(frames, to: folder.path("a.mkv"), storage: .raw)
        #expect(try ReadBack.frames(folder.path("a.mkv")) == frames.map(Happening.init))
        try FFmpegProgram.expectNoComplaint(about: folder.path("a.mkv"))
    }

    @Test(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
    func jpegFramesStayWhatTheyAre() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i testsrc2=s=64x48:r=10 -frames:v 5 -pix_fmt yuvj422p %d.jpg", in: folder)
        let frames = try (0..<5).map { captured($0, .jpeg(try folder.read("\($0 + 1).jpg"), 64, 48)) }
        _ = try record(frames, to: folder.path("a.mkv"))
        #expect(try ReadBack.frames(folder.path("a.mkv")) == frames.map(Happening.init))
        try FFmpegProgram.expectNoComplaint(about: folder.path("a.mkv"))
    }

    @Test(arguments: [
        (SoundFormat.Encoding.signed16, SoundTrack.Storage.pcm), (.signed24, .pcm), (.signed32, .pcm),
        (.float32, .pcm), (.signed16, .flac), (.signed24, .flac),
    ])
    func soundComesBackBitByBit(_ encoding: SoundFormat.Encoding, _ storage: SoundTrack.Storage) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 8)
        var microphone = MicrophoneSimulation(
            SoundFormat(rate: 48_000, channels: 2, encoding: encoding), drift: 0.000_3)
        microphone.start = origin + .milliseconds(12)
        let path = folder.path("a.mkv")
        let writer = try RecordingWriter(
            path: path, origin: origin, video: nil,
            sound: SoundTrack(device: "hw:CARD=Test", format: microphone.format, storage: storage),
            options: roomyOptions)
        var events: [SoundRecording.Event] = []
        for index in 0..<120 {
            if index % 50 == 20 {
                let gap = microphone.gap(4_801, SoundGap.Reason.allCases[index / 50])
                let arrived = microphone.time(of: microphone.position)
                try writer.append(gap, arrived: arrived)
                events.append(.gap(gap, arrived: arrived))
            }
            let block = microphone.block(index % 7 == 3 ? 333 + index : 480) { _ in
                Double.random(in: -1...1, using: &random)
            }
            let arrived = microphone.time(of: microphone.position) + .nanoseconds(Int64(index) * 1_001)
            try writer.append(block, arrived: arrived)
            events.append(.sound(block, arrived: arrived))
        }
        let report = try writer.finish()
        // A remark on any PCM in Matroska, which has no word for which channel is where.
        let remark = storage == .pcm ? "Guessed Channel Layout for Input Stream #0.0 : stereo\n" : ""
        #expect(report.soundDuration > .seconds(1) && report.leftOutSound == .zero)
        let back = try ReadBack.sound(path)
        #expect(back.count == events.count)
        for (found, expected) in zip(back, events) where found != expected {
            Issue.record("\(found) instead of \(expected)")
            return
        }
        try FFmpegProgram.expectNoComplaint(but: remark, about: path)
    }

    @Test func whatFLACDoesNotHoldIsRefusedClearly() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        let sound = SoundTrack(
            device: "hw:0", format: SoundFormat(rate: 48_000, channels: 2, encoding: .float32), storage: .flac)
        let error = recordingError {
            _ = try RecordingWriter(path: path, origin: origin, video: nil, sound: sound)
        }
        #expect(error?.code == .notStorable && error?.message.contains("store it as PCM") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: 0..<12)
    func whateverHappensComesBackInItsOrder(_ seed: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        var random = SeededGenerator(seed: UInt64(seed))
        let script = RecordingScript(origin: origin, using: &random)
        let writer = try RecordingWriter(
            path: path, origin: origin, video: camera,
            sound: SoundTrack(device: "hw:0", format: script.format), options: roomyOptions)
        for step in script.steps {
            switch step {
            case .frame(let frame): try writer.append(frame)
            case .missing(let missing, let arrived): try writer.append(missing, arrived: arrived)
            case .sound(.sound(let block, let arrived)): try writer.append(block, arrived: arrived)
            case .sound(.gap(let gap, let arrived)): try writer.append(gap, arrived: arrived)
            }
        }
        let report = try writer.finish()
        #expect(report.frames == script.frames.count { if case .frame = $0 { true } else { false } })
        #expect(try ReadBack.frames(path) == script.frames)
        #expect(try ReadBack.sound(path) == script.sound)
        try FFmpegProgram.expectNoComplaint(but: script.remark, about: path)
        // What a recogniser heard live is what it hears of the recording.
        let converter = SoundConverter(format: script.format, origin: origin)
        var live: [AudioBlock] = []
        for event in script.sound {
            switch event {
            case .sound(let block, let arrived): live += try converter.append(block, arrived: arrived)
            case .gap(let gap, _): live += try converter.append(gap)
            }
        }
        live += try converter.finish()
        #expect(Sound(try AudioRecording.open(path)).blocks == live)
    }

    @Test func othersPlayACameraWhoseFramesComeUnevenly() throws {
        let folder = try TemporaryFolder()
        for seed in 0..<8 {
            var random = SeededGenerator(seed: UInt64(seed))
            let path = folder.path("\(seed).mkv")
            let jitter = seed % 4 * 5
            let writer = try RecordingWriter(
                path: path, origin: origin, video: camera, sound: nil,
                options: roomyOptions)
            for number in 0..<120 {
                var frame = captured(number, .noise(.gray, 32, 24, using: &random))
                let nominal = number * 33_333 + Int.random(in: -1_000 * jitter...1_000 * jitter, using: &random)
                frame = CapturedFrame(
                    number: number, captured: origin + .microseconds(20_000 + nominal), timeQuality: .device,
                    arrived: frame.arrived, frame: frame.frame)
                try writer.append(frame)
            }
            try writer.finish()
            try FFmpegProgram.expectNoComplaint(about: path)
        }
    }

    @Test func whatFindsNoRoomIsNamedInTheFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        var options = RecordingOptions()
        options.frameCapacity = 1
        options.soundCapacity = 2_000
        var random = SeededGenerator(seed: 9)
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 1, encoding: .signed16))
        microphone.start = origin
        let writer = try RecordingWriter(
            path: path, origin: origin, video: camera, sound: SoundTrack(device: "hw:0", format: microphone.format),
            options: options)
        for number in 0..<60 {
            try writer.append(captured(number, .noise(.yuyv, 320, 240, using: &random)))
            let block = microphone.block(480) { _ in 0.1 }
            try writer.append(block, arrived: block.captured)
        }
        let report = try writer.finish()
        #expect(report.frames + report.leftOutFrames == 60)
        var next = 0
        for event in try ReadBack.frames(path) {
            switch event {
            case .frame(let number, _, _, _, _, _, _):
                #expect(number == next)
                next += 1
            case .missing(.lost(let first, let count, .recorderTooSlow), _):
                #expect(first == next)
                next += count
            case .missing(let other, _): Issue.record("\(other)")
            }
        }
        #expect(next == 60)
        var position: Int64 = 0
        for event in try ReadBack.sound(path) {
            switch event {
            case .sound(let block, _):
                #expect(block.position == position)
                position += Int64(block.frames)
            case .gap(let gap, _):
                #expect(gap.reason == .readerTooSlow && gap.position == position)
                position += gap.frames
            }
        }
        #expect(position == 60 * 480)
        let missing = Duration.seconds(0.6) - report.soundDuration - report.leftOutSound
        #expect(max(missing, .zero - missing) < .microseconds(1))
    }

    @Test func aCameraThatComesBackOtherwiseEndsTheRecordingOnce() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 10)
        let writer = try RecordingWriter(
            path: folder.path("a.mkv"), origin: origin, video: camera, sound: nil, options: roomyOptions)
        let good = captured(0, .noise(.yuyv, 64, 48, using: &random))
        try writer.append(good)
        try writer.append(captured(1, .noise(.yuyv, 32, 24, using: &random)))
        let report = try writer.finish()
        #expect(report.failure?.code == .modeChanged)
        #expect(report.failure?.message.contains("now 32×24 yuyv, no longer 64×48 yuyv") == true)
        #expect(report.frames == 1)
        #expect(report.byteCount == Int64(try folder.read("a.mkv").count))
        try writer.append(captured(2, .noise(.yuyv, 64, 48, using: &random)))
        #expect(try writer.finish() == report)
        #expect(try ReadBack.frames(folder.path("a.mkv")) == [Happening(good)])
        try FFmpegProgram.expectNoComplaint(about: folder.path("a.mkv"))
    }

    @Test func aFileThatIsThereStays() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("dear diary", to: "a.mkv")
        let error = recordingError { _ = try RecordingWriter(path: path, origin: origin, video: camera, sound: nil) }
        #expect(error?.code == .exists)
        #expect(try folder.read("a.mkv") == Data("dear diary".utf8))
        var random = SeededGenerator(seed: 11)
        var options = roomyOptions
        options.overwrites = true
        let writer = try RecordingWriter(path: path, origin: origin, video: camera, sound: nil, options: options)
        try writer.append(captured(0, .noise(.gray, 32, 32, using: &random)))
        #expect(try writer.finish().frames == 1)
    }

    @Test func aFileThatIsReplacedStaysUntilThereIsSomethingElse() throws {
        let folder = try TemporaryFolder()
        let diary = Data(repeating: 65, count: 1 << 20)
        let path = try folder.write(diary, to: "a.mkv")
        var random = SeededGenerator(seed: 13)
        var options = roomyOptions
        options.overwrites = true
        func writer() throws -> RecordingWriter {
            try RecordingWriter(path: path, origin: origin, video: camera, sound: nil, options: options)
        }
        let empty = try writer()
        // Two recorders would write over each other.
        #expect(recordingError { _ = try writer() }?.code == .notWritable)
        #expect(recordingError { try empty.finish() }?.code == .empty)
        #expect(try folder.read("a.mkv") == diary)
        let unstorable = try writer()
        try unstorable.append(captured(0, .noise(.yuyv, 8, 48, using: &random)))
        #expect(recordingError { try unstorable.finish() }?.code == .notStorable)
        #expect(try folder.read("a.mkv") == diary)
        let frame = captured(0, .noise(.gray, 32, 32, using: &random))
        let good = try writer()
        try good.append(frame)
        #expect(try good.finish().byteCount < 1 << 20)
        #expect(try ReadBack.frames(path) == [Happening(frame)])
        try FFmpegProgram.expectNoComplaint(about: path)
    }

    @Test func aRecordingOfNothingLeavesNoFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.mkv")
        let writer = try RecordingWriter(path: path, origin: origin, video: camera, sound: nil)
        #expect(recordingError { try writer.finish() }?.code == .empty)
        #expect(!FileManager.default.fileExists(atPath: path))
        let error = recordingError {
            _ = try RecordingWriter(path: folder.path("no/a.mkv"), origin: origin, video: camera, sound: nil)
        }
        #expect(error?.message.contains("make its folder first") == true)
    }

    @Test func soundIsRecordedThoughTheCameraNeverCame() throws {
        let folder = try TemporaryFolder()
        var microphone = MicrophoneSimulation(SoundFormat(rate: 16_000, channels: 1, encoding: .signed16))
        microphone.start = origin
        let writer = try RecordingWriter(
            path: folder.path("a.mkv"), origin: origin, video: camera,
            sound: SoundTrack(device: "hw:0", format: microphone.format), options: roomyOptions)
        let block = microphone.block(1_600) { sin($0 * 3_000) }
        try writer.append(block, arrived: origin + .milliseconds(101))
        try writer.finish()
        #expect(
            try ReadBack.sound(folder.path("a.mkv")) == [.sound(block, arrived: origin + .milliseconds(101))])
    }
}

extension Happening {
    fileprivate func withColor(_ color: ColorEncoding) -> Happening {
        guard case .frame(let number, let captured, let arrived, let quality, let format, _, let bytes) = self else {
            return self
        }
        return .frame(number: number, captured: captured, arrived: arrived, quality, format, color, bytes)
    }
}
