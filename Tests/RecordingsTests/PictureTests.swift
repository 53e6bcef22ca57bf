import Foundation
import Media
import Recordings
import Testing

/// Folders of pictures, with and without labels.
@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct PictureTests {
    private func picture(_ name: String, _ color: String, in folder: TemporaryFolder, options: String = "") throws {
        try FFmpegProgram.run(
            "-f lavfi -i color=\(color):s=40x30 -frames:v 1 \(options) -update 1 \(name)", in: folder)
    }

    @Test func withoutLabelsPicturesComeByName() throws {
        let folder = try TemporaryFolder()
        for name in ["b.jpg", "a.jpg", "c.png"] { try picture(name, "gray", in: folder) }
        try folder.write("no picture", to: "notes.txt")
        try folder.write("hidden", to: ".hidden.jpg")
        let recording = try Recording.open(folder.path)
        #expect(recording.info.kind == .pictures)
        #expect(recording.info.frameCount == 3)
        #expect(recording.info.frameRate == 30)
        #expect(recording.info.width == 40 && recording.info.height == 30)
        #expect(recording.info.format == "3 pictures, the first 40×30")
        let contents = Contents(recording)
        #expect(contents.frames.map(\.name) == ["a.jpg", "b.jpg", "c.png"])
        #expect(contents.frames.map(\.frame.format) == [.jpeg, .jpeg, .rgb24])
        #expect(
            contents.frames.map(\.position) == [0, 1, 2].map { .nanoseconds(Int64((Double($0) / 30 * 1e9).rounded())) })
        #expect(contents.error == nil)
    }

    @Test func labelsGiveTheOrderAndWhatEachPictureShows() throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "b.jpg", "c.jpg"] { try picture(name, "gray", in: folder) }
        try folder.write("file\tclass\tname\r\nc.jpg\t5\tfifth thing\r\n\r\na.jpg\t1\t\r\n", to: "labels.tsv")
        let contents = Contents(try Recording.open(folder.path, rate: 10))
        #expect(contents.frames.map(\.name) == ["c.jpg", "a.jpg"])
        #expect(
            contents.frames.map(\.label) == [
                TrueLabel(classIndex: 5, name: "fifth thing"), TrueLabel(classIndex: 1, name: ""),
            ])
        #expect(contents.frames.last?.position == .milliseconds(100))
    }

    @Test(arguments: [
        ("p.png", ""), ("p.png", "-pix_fmt rgba"), ("p.png", "-pix_fmt pal8"), ("p.png", "-pix_fmt rgb48be"),
        ("p.bmp", ""), ("p.tiff", ""), ("p.ppm", ""), ("p.gif", ""), ("p.jpg", "-q:v 1"),
        ("p.jpg", "-pix_fmt yuvj444p -q:v 1"),
        ("p.webp", "-c:v libwebp -quality 100"), ("50%d of.png", ""),
    ])
    func eachKindOfPictureComesOutInItsColors(_ name: String, _ options: String) throws {
        let folder = try TemporaryFolder()
        let plain = name.replacingOccurrences(of: "50%d of", with: "p")
        try picture(plain, "0x6432C8", in: folder, options: options)
        if plain != name { try FileManager.default.moveItem(atPath: folder.path(plain), toPath: folder.path(name)) }
        let contents = Contents(try Recording.open(folder.path))
        let frame = try #require(contents.frames.first, "\(contents.damaged)")
        let color = try frame.frame.meanColor()
        #expect(zip(color, [100, 50, 200]).allSatisfy { abs($0 - $1) < 6 }, "\(color)")
    }

    @Test func grayPicturesKeepTheirFullRange() throws {
        let folder = try TemporaryFolder()
        try picture("p.png", "0xF0F0F0", in: folder, options: "-pix_fmt gray")
        try picture("q.png", "0xF0F0F0", in: folder, options: "-pix_fmt gray16be")
        for recorded in Contents(try Recording.open(folder.path)).frames {
            #expect(recorded.frame.format == .gray)
            #expect(abs(try recorded.frame.meanColor()[0] - 240) < 2)
        }
    }

    @Test func aBrokenPictureIsDamagedAndTheRestGoOn() throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "e.jpg", "f.png"] { try picture(name, "gray", in: folder) }
        try folder.write("", to: "b.jpg")
        try folder.write("this is no picture", to: "c.png")
        try folder.write(try folder.read("a.jpg").prefix(30), to: "d.jpg")
        try folder.write(try folder.read("f.png").prefix(60), to: "g.png")
        try FileManager.default.createDirectory(atPath: folder.path("h.jpg"), withIntermediateDirectories: false)
        let contents = Contents(try Recording.open(folder.path))
        #expect(contents.frames.map(\.name) == ["a.jpg", "e.jpg", "f.png"])
        #expect(contents.frames.map(\.sequence) == [0, 4, 5])
        #expect(contents.damaged.map(\.name) == ["b.jpg", "c.png", "d.jpg", "g.png", "h.jpg"])
        #expect(contents.damaged.allSatisfy { $0.reason.contains($0.name ?? "?") }, "\(contents.damaged)")
        #expect(contents.error == nil)
    }

    @Test func aFolderWithoutPicturesIsEmpty() throws {
        let folder = try TemporaryFolder()
        try folder.write("words", to: "notes.txt")
        #expect(openError(folder.path)?.code == .empty)
    }
}
