import Foundation
import Recordings
import Testing
import Units

/// Files of labels that do not say what they should.
struct LabelTests {
    private func error(_ labels: String) throws -> RecordingError? {
        let folder = try TemporaryFolder()
        try folder.write("no picture, but a file", to: "a.jpg")
        try folder.write(labels, to: "labels.tsv")
        return openError(folder.path)
    }

    @Test(arguments: [
        ("", "labels.tsv:1: the file is empty"),
        ("file,class,name\na.jpg,1,x\n", "labels.tsv:1: the first line must name the columns, file<TAB>class<TAB>name"),
        ("a.jpg\t1\tx\n", "labels.tsv:1: the first line must name the columns"),
        ("file\tclass\tname\na.jpg\t1\n", "labels.tsv:2: 2 columns; expected 3"),
        ("file\tclass\tname\na.jpg\t1\tx\ty\n", "labels.tsv:2: 4 columns; expected 3"),
        ("file\tclass\tname\na.jpg\t1\tx\na.jpg\tone\tx\n", "labels.tsv:3: class 'one' is not a whole number"),
        ("file\tclass\tname\na.jpg\t-1\tx\n", "labels.tsv:2: class '-1' is not a whole number"),
        ("file\tclass\tname\n\nb.jpg\t1\tx\n", "labels.tsv:3: there is no file 'b.jpg'"),
        ("file\tclass\tname\n\t1\tx\n", "labels.tsv:2: there is no file ''"),
        ("file\tclass\tname\n", "names no picture"),
    ])
    func aBadLineIsNamedWithWhatWasExpected(_ labels: String, _ words: String) throws {
        let error = try error(labels)
        #expect(error?.code == .badLabels)
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func labelsThatAreNoTextAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Data([0x66, 0x69, 0xFF, 0xFE, 0x00]), to: "labels.tsv")
        #expect(openError(folder.path)?.code == .badLabels)
        #expect(openError(folder.path, labels: path)?.code == .badLabels)
    }

    @Test func labelsThatAreNotThereAreRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "a.jpg")
        let error = openError(folder.path, labels: folder.path("none.tsv"))
        #expect(error?.code == .badLabels)
        #expect(error?.message.contains("none.tsv") == true)
    }

    @Test(arguments: [
        ("start\tend\tclass\tname\n0\tx\t1\ta\n", ":2: '0' to 'x' is not a span"),
        ("start\tend\tclass\tname\n1\t1\t1\ta\n", ":2: '1' to '1' is not a span"),
        ("start\tend\tclass\tname\n-1\t1\t1\ta\n", ":2: '-1' to '1' is not a span"),
        ("start\tend\tclass\tname\nnan\tinf\t1\ta\n", ":2: 'nan' to 'inf' is not a span"),
        ("start\tend\tclass\tname\n0\t2\t1\ta\n1\t3\t2\tb\n", ":3: the span overlaps that of line 2"),
        ("file\tclass\tname\n", ":1: the first line must name the columns, start<TAB>end<TAB>class<TAB>name"),
    ])
    func aBadSpanIsNamed(_ labels: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        let video = try folder.write("the labels are read first", to: "v.mkv")
        try folder.write(labels, to: "v.labels.tsv")
        let error = openError(video)
        #expect(error?.code == .badLabels)
        #expect(error?.message.contains("v.labels.tsv\(words)") == true, "\(String(describing: error))")
    }

    /// Lines made of what labels are made of, in any order: an error or a recording, never a crash.
    @Test(arguments: 0..<8)
    func randomLabelsAreReadOrRefused(_ seed: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "a.jpg")
        let pieces = [
            "file", "class", "name", "\t", "\t", "\n", "\r\n", "a.jpg", "1", "-9", "\u{FEFF}", "é", " ", "", "\0",
            "1e9",
        ]
        var random = SeededGenerator(seed: UInt64(seed))
        for round in 0..<60 {
            var text = round % 2 == 0 ? "file\tclass\tname\n" : ""
            for _ in 0..<Int.random(in: 0...20, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            try folder.write(text, to: "labels.tsv")
            do {
                let recording = try Recording.open(folder.path)
                #expect((recording.info.frameCount ?? 0) > 0)
            } catch {
                #expect(error.code == .badLabels)
            }
        }
    }
}
