import Foundation
import Media
import Recordings
import Testing

/// Real files, made by real encoders.
@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct VideoTests {
    /// The gray that luma in limited range stands for.
    private func gray(_ luma: Int) -> Double { Double(luma - 16) * 255 / 219 }

    @Test(arguments: [
        ("-c:v mjpeg -q:v 2", "v.mkv", PixelFormat.jpeg, "mjpeg in matroska, 64×48"),
        ("-c:v mjpeg -q:v 2", "v.avi", .jpeg, "mjpeg in avi, 64×48"),
        ("-c:v libx264 -qp 10", "v.mp4", .i420, "h264 in mp4, 64×48"),
        ("-c:v libx264 -qp 10 -bf 2", "v.ts", .i420, "h264 in mpegts, 64×48"),
        ("-c:v mpeg4 -q:v 2", "v.mp4", .i420, "mpeg4 in mp4, 64×48"),
        ("-c:v ffv1", "v.mkv", .i420, "ffv1 in matroska, 64×48"),
        ("-c:v ffv1 -pix_fmt yuv422p", "v.mkv", .i422, "ffv1 in matroska, 64×48"),
        ("-c:v ffv1 -pix_fmt yuv444p", "v.mkv", .i444, "ffv1 in matroska, 64×48"),
        ("-c:v ffv1 -pix_fmt yuv420p10", "v.mkv", .i420, "ffv1 in matroska, 64×48"),
        ("-c:v ffv1 -pix_fmt yuv440p", "v.mkv", .i444, "ffv1 in matroska, 64×48"),
        ("-c:v rawvideo -pix_fmt yuyv422", "v.nut", .yuyv, "rawvideo in nut, 64×48"),
        ("-c:v rawvideo -pix_fmt uyvy422", "v.nut", .uyvy, "rawvideo in nut, 64×48"),
        ("-c:v rawvideo -pix_fmt nv12", "v.nut", .nv12, "rawvideo in nut, 64×48"),
        ("-c:v rawvideo -pix_fmt rgb24", "v.nut", .rgb24, "rawvideo in nut, 64×48"),
        ("-c:v rawvideo -pix_fmt bgr0", "v.nut", .rgb24, "rawvideo in nut, 64×48"),
        ("-c:v rawvideo -pix_fmt gray", "v.nut", .gray, "rawvideo in nut, 64×48"),
    ])
    func eachCodecGivesAllFramesInOrderAtTheirTimes(
        _ codec: String, _ name: String, _ format: PixelFormat, _ words: String
    ) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps()) \(codec) \(name)", in: folder)
        let recording = try Recording.open(folder.path(name))
        #expect(recording.info.format == words)
        #expect(recording.info.kind == .video)
        #expect(recording.info.width == 64 && recording.info.height == 48)
        #expect(abs(recording.info.frameRate - 10) < 0.01)
        #expect(recording.info.frameCount.map { abs($0 - 12) <= 1 } ?? (name == "v.nut"))
        let contents = Contents(recording)
        #expect(contents.error == nil)
        #expect(contents.damaged.isEmpty)
        #expect(contents.frames.map(\.sequence) == Array(0..<12))
        for recorded in contents.frames {
            #expect(recorded.frame.format == format)
            #expect(recorded.frame.width == 64 && recorded.frame.height == 48)
            let time = recorded.position - .milliseconds(100) * recorded.sequence
            #expect(time > .milliseconds(-2) && time < .milliseconds(2))
            let color = try recorded.frame.meanColor()
            let expected = gray(20 + 10 * recorded.sequence)
            #expect(color.allSatisfy { abs($0 - expected) < 3 }, "\(recorded.sequence): \(color), not \(expected)")
        }
        #expect(try recording.next() == nil)
    }

    @Test(arguments: [
        ("64x48", "", ColorEncoding(matrix: .bt601, isFullRange: false)),
        ("1280x720", "", ColorEncoding(matrix: .bt709, isFullRange: false)),
        ("64x48", "-colorspace bt709", ColorEncoding(matrix: .bt709, isFullRange: false)),
        ("1280x720", "-colorspace smpte170m", ColorEncoding(matrix: .bt601, isFullRange: false)),
        ("64x48", "-colorspace bt2020nc", ColorEncoding(matrix: .bt2020, isFullRange: false)),
        ("64x48", "-color_range pc", ColorEncoding(matrix: .bt601, isFullRange: true)),
    ])
    func rangeAndMatrixAreThoseOfTheFileElseThoseUsualForItsSize(
        _ size: String, _ tags: String, _ color: ColorEncoding
    ) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(1, size: size)) \(tags) -c:v libx264 v.mp4", in: folder)
        let frame = try #require(Contents(try Recording.open(folder.path("v.mp4"))).frames.first)
        #expect(frame.frame.color == color)
    }

    @Test func colorsOfMotionJPEGAndOfVideoComeOutAsTheyWentIn() throws {
        let folder = try TemporaryFolder()
        let codecs = [
            ("v.mkv", "-c:v mjpeg -q:v 1 -pix_fmt yuvj420p"), ("v.mp4", "-c:v libx264 -qp 5 -pix_fmt yuv420p"),
            ("w.mkv", "-c:v ffv1 -pix_fmt yuv420p"),
        ]
        for (name, codec) in codecs {
            try FFmpegProgram.run(
                "-f lavfi -i color=0xC83296:s=64x48:r=10 -frames:v 2 \(codec) \(name)",
                in: folder)
            let frame = try #require(Contents(try Recording.open(folder.path(name))).frames.last)
            let color = try frame.frame.meanColor()
            #expect(zip(color, [200, 50, 150]).allSatisfy { abs($0 - $1) < 4 }, "\(name): \(color)")
        }
    }

    @Test func motionJPEGOfLimitedRangeIsNotTakenForJPEG() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "\(FFmpegProgram.steps(2)) -c:v mjpeg -q:v 1 -strict unofficial -pix_fmt yuv420p -color_range tv v.mkv",
            in: folder)
        let frame = try #require(Contents(try Recording.open(folder.path("v.mkv"))).frames.last)
        #expect(frame.frame.format == .i420 && !frame.frame.color.isFullRange)
        #expect(abs(try frame.frame.meanColor()[0] - gray(30)) < 3)
    }

    @Test func framesOutliveTheirRecording() throws {
        let folder = try TemporaryFolder()
        for (name, codec) in [("v.mkv", "-c:v mjpeg -q:v 2"), ("v.mp4", "-c:v libx264 -qp 10")] {
            try FFmpegProgram.run("\(FFmpegProgram.steps()) \(codec) \(name)", in: folder)
            let frames = Contents(try Recording.open(folder.path(name))).frames
            for (index, recorded) in frames.enumerated() {
                #expect(abs(try recorded.frame.meanColor()[1] - gray(20 + 10 * index)) < 3)
            }
        }
    }

    @Test func aRecordingCanBeHandedToAnotherThread() async throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(5)) -c:v libx264 v.mp4", in: folder)
        let recording = try Recording.open(folder.path("v.mp4"))
        let count = await Task.detached { Contents(recording).frames.count }.value
        #expect(count == 5)
    }

    @Test func aVariableFrameRateKeepsEachFramesOwnTime() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc2=s=64x48:r=10 -frames:v 6 -vf setpts=N*N*0.1/TB -vsync vfr -c:v ffv1 v.mkv",
            in: folder)
        let frames = Contents(try Recording.open(folder.path("v.mkv"))).frames
        let times = frames.map { Int(($0.position / Duration.milliseconds(1)).rounded()) }
        #expect(times == [0, 100, 400, 900, 1600, 2500])
    }

    @Test func aGivenRateReplacesTheRecordingsOwnTimes() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(5)) -c:v ffv1 v.mkv", in: folder)
        let recording = try Recording.open(folder.path("v.mkv"), rate: 50)
        #expect(recording.info.frameRate == 50)
        let expected = (0..<5).map { Duration.milliseconds(20) * $0 }
        #expect(Contents(recording).frames.map(\.position) == expected)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity, 1e9])
    func aRateThatNobodyCanReplayIsRefused(_ rate: Double) throws {
        #expect(openError(try TemporaryFolder().path, rate: rate)?.code == .badRate)
    }

    @Test(arguments: ["-c:v mjpeg -f mjpeg", "-c:v libx264 -f mpegts"])
    func theSizeMayChangeInMidVideo(_ codec: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(5)) \(codec) a", in: folder)
        try FFmpegProgram.run("\(FFmpegProgram.steps(5, size: "96x64")) \(codec) b", in: folder)
        try folder.write(try folder.read("a") + folder.read("b"), to: "v.ts")
        let recording = try Recording.open(folder.path("v.ts"))
        #expect(recording.info.width == 64)
        let frames = Contents(recording).frames
        #expect(frames.map(\.frame.width) == Array(repeating: 64, count: 5) + Array(repeating: 96, count: 5))
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.position <= $1.position })
        #expect(abs(try #require(frames.last).frame.meanColor()[0] - gray(60)) < 4)
    }

    @Test func labelsBesideTheVideoSayWhatItShowsFromWhenToWhen() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(6)) -c:v ffv1 v.mkv", in: folder)
        try folder.write("start\tend\tclass\tname\n0.1\t0.3\t7\tcock\n0.4\t9\t8\then\n", to: "v.labels.tsv")
        let own = Contents(try Recording.open(folder.path("v.mkv"))).frames
        #expect(own.map(\.label?.classIndex) == [nil, 7, 7, nil, 8, 8])
        // Labels follow the recording's own time, at whatever rate it is replayed.
        let fast = Contents(try Recording.open(folder.path("v.mkv"), rate: 100)).frames
        #expect(fast.map(\.label?.name) == [nil, "cock", "cock", nil, "hen", "hen"])
        let path = try folder.write("start\tend\tclass\tname\n0\t1\t3\tray\n", to: "other.tsv")
        let given = Contents(try Recording.open(folder.path("v.mkv"), labels: path)).frames
        #expect(given.allSatisfy { $0.label == TrueLabel(classIndex: 3, name: "ray") })
    }

    @Test func soundLongerThanThePictureIsNoTruncation() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i sine=d=2 \(FFmpegProgram.steps(5)) -c:v ffv1 -c:a flac v.mkv", in: folder)
        let contents = Contents(try Recording.open(folder.path("v.mkv")))
        #expect(contents.frames.count == 5)
        #expect(contents.error == nil)
    }
}

@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct RotationTests {
    @Test(arguments: [(0, Frame.Rotation.none), (90, .threeQuarters), (180, .half), (270, .quarter)])
    func aVideoThatSaysItLiesOnItsSideIsTurned(tag: Int, expected: Frame.Rotation) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc=size=64x48:rate=5:duration=1 -c:v mpeg4 upright.mp4", in: folder)
        try FFmpegProgram.run(
            "-i upright.mp4 -c copy -metadata:s:v:0 rotate=\(tag) turned.mp4",
            in: folder)
        guard case .frame(let recorded)? = try Recording.open(folder.path("turned.mp4")).next() else {
            Issue.record("no frame")
            return
        }
        #expect(recorded.frame.rotation == expected)
    }
}
