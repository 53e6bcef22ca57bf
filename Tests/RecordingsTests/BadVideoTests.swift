import Foundation
import Media
import Recordings
import Testing
import Units

/// Files that are no video, or not all of one.
@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct BadVideoTests {
    @Test func aMissingFileIsNotFound() throws {
        let error = openError(try TemporaryFolder().path("none.mkv"))
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("none.mkv") == true)
    }

    @Test func anEmptyFileIsEmpty() throws {
        let folder = try TemporaryFolder()
        #expect(openError(try folder.write("", to: "v.mkv"))?.code == .empty)
    }

    @Test(arguments: ["notes.txt", "video.mp4", "video.mkv", "plain", "list.m3u8"])
    func textIsNotAVideo(_ name: String) throws {
        let folder = try TemporaryFolder()
        let error = openError(try folder.write(String(repeating: "A line of words.\n", count: 500), to: name))
        #expect(error?.code == .notAVideo, "\(String(describing: error))")
    }

    @Test func aPlaylistLeadsNowhere() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(2)) -c:v ffv1 v.mkv", in: folder)
        try FFmpegProgram.run("\(FFmpegProgram.steps(2)) -c:v libx264 v.ts", in: folder)
        let concat = try folder.write("ffconcat version 1.0\nfile v.mkv\n", to: "list.txt")
        #expect(openError(concat)?.code == .notAVideo)
        let hls = try folder.write(
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nv.ts\n#EXT-X-ENDLIST\n", to: "list.m3u8")
        #expect(openError(hls)?.code == .notAVideo)
    }

    @Test func soundAloneIsNotAVideoAndTheErrorSaysWhatItIs() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i sine=d=1 a.wav", in: folder)
        let error = openError(folder.path("a.wav"))
        #expect(error?.code == .notAVideo)
        #expect(error?.message.contains("only audio") == true, "\(String(describing: error))")
    }

    @Test func soundWithACoverPictureIsNotAVideo() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i color=red:s=64x64 -frames:v 1 cover.png", in: folder)
        try FFmpegProgram.run(
            "-f lavfi -i sine=d=1 -i cover.png -map 0 -map 1 -c:v copy -disposition:v attached_pic a.flac", in: folder)
        #expect(openError(folder.path("a.flac"))?.code == .notAVideo)
    }

    @Test func aDeviceIsNotARecording() {
        #expect(openError("/dev/zero")?.code == .notAVideo)
    }

    @Test func bytesAtRandomAreNotAVideo() throws {
        let folder = try TemporaryFolder()
        for seed in 0..<5 {
            var random = SeededGenerator(seed: UInt64(seed))
            let data = Data((0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) })
            let error = openError(try folder.write(data, to: "v\(seed).mkv"))
            #expect(error?.code == .notAVideo || error?.code == .unreadable, "\(String(describing: error))")
        }
    }

    @Test func anMP4CutBeforeItsIndexIsTruncated() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i testsrc2=s=320x240:r=10 -frames:v 30 -c:v libx264 v.mp4", in: folder)
        let whole = try folder.read("v.mp4")
        let error = openError(try folder.write(whole.prefix(whole.count / 2), to: "cut.mp4"))
        #expect(error?.code == .truncated)
        #expect(error?.message.contains("moov atom not found") == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("-c:v ffv1", "mkv"), ("-c:v mjpeg", "mkv"), ("-c:v libx264 -movflags +faststart", "mp4"),
        ("-c:v mjpeg", "avi"),
        ("-c:v libx264 -g 5", "mkv"),
    ])
    func aFileCutInTheMiddleGivesItsGoodFramesAndThenAnError(_ codec: String, _ ending: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc2=s=320x240:r=10 -frames:v 40 \(codec) whole.\(ending)", in: folder)
        let whole = try folder.read("whole.\(ending)")
        let path = try folder.write(whole.prefix(whole.count / 2), to: "cut.\(ending)")
        let recording = try Recording.open(path)
        let contents = Contents(recording)
        #expect(contents.error?.code == .truncated, "\(String(describing: contents.error))")
        #expect(contents.error?.message.contains("cut.\(ending)") == true)
        #expect(contents.frames.count >= 10 && contents.frames.count < 40, "\(contents.frames.count) frames")
        #expect(contents.damaged.count <= 1)
        for recorded in contents.frames { _ = try recorded.frame.meanColor() }
        #expect(try recording.next() == nil)
    }

    @Test func aRecordingThatWasNeverFinishedEndsWhereItEnds() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc2=s=320x240:r=10 -frames:v 40 -c:v mjpeg -f matroska -live 1 whole.mkv", in: folder)
        let whole = try folder.read("whole.mkv")
        let path = try folder.write(whole.prefix(whole.count / 2), to: "live.mkv")
        let contents = Contents(try Recording.open(path))
        #expect(contents.error == nil)
        #expect(contents.frames.count >= 10)
    }

    @Test(arguments: [("-c:v libx264 -g 1", "mp4"), ("-c:v mpeg4 -g 1 -q:v 2", "mp4"), ("-c:v mjpeg -q:v 2", "mkv")])
    func damagedDataMakeDamagedFramesAndTheRestGoOn(_ codec: String, _ ending: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc2=s=320x240:r=10,noise=alls=20 -frames:v 30 \(codec) v.\(ending)", in: folder)
        var data = try folder.read("v.\(ending)")
        let middle = data.count / 2
        var random = SeededGenerator(seed: 3)
        for index in middle..<middle + 6_000 { data[index] = UInt8.random(in: 0...255, using: &random) }
        let contents = Contents(try Recording.open(try folder.write(data, to: "damaged.\(ending)")))
        #expect(contents.error == nil)
        // A damaged JPEG shows when it is decoded, which is not the reader's work.
        let broken = contents.damaged.count + contents.frames.count { (try? $0.frame.meanColor()) == nil }
        #expect(broken >= 1 && broken <= 5, "\(contents.damaged)")
        #expect(contents.events.count >= 28)
        #expect(contents.damaged.allSatisfy { !$0.reason.isEmpty })
        let last = try #require(contents.frames.last)
        #expect(last.sequence == contents.events.count - 1)
        _ = try last.frame.meanColor()
    }

    /// Flips bytes all over a small file: opening and reading end in frames and errors, never in a crash or a loop.
    @Test(arguments: [("-c:v mjpeg", "mkv"), ("-c:v libx264", "mp4"), ("-c:v ffv1", "mkv")])
    func randomDamageEndsInFramesOrErrors(_ codec: String, _ ending: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(6)) \(codec) v.\(ending)", in: folder)
        let whole = try folder.read("v.\(ending)")
        for seed in 0..<25 {
            var random = SeededGenerator(seed: UInt64(seed))
            var data = whole
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let recording = try? Recording.open(try folder.write(data, to: "damaged.\(ending)")) else { continue }
            var count = 0
            while count < 1_000, let event = try? recording.next() {
                count += 1
                if case .frame(let recorded) = event { _ = try? recorded.frame.meanColor() }
            }
            #expect(count < 1_000)
        }
    }
}
