import Foundation
import Testing

@testable import Sinks

struct FileEndTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func filesAreBoundedAndNoLineIsCut() throws {
        let end = try FileEnd(path: scratch.path("r.jsonl"), rotation: .init(size: 4096, files: 3))
        let lines = (0..<2000).map { line($0) }
        for start in stride(from: 0, to: 2000, by: 40) { try end.send(Array(lines[start..<start + 40])) }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(names == ["r.jsonl", "r.jsonl.1", "r.jsonl.2"])
        let kept = ["r.jsonl.2", "r.jsonl.1", "r.jsonl"].map { scratch.text($0) }
        #expect(kept.allSatisfy { $0.utf8.count <= 4096 })
        // The last of all, without a gap.
        let all = lines.map { String(decoding: $0.body, as: UTF8.self) }.joined()
        #expect(all.hasSuffix(kept.joined()))
        #expect(kept[0].utf8.count > 4000)
    }

    @Test func whatIsThereIsKeptButForHalfALine() throws {
        try "one\ntwo\nthr".write(toFile: scratch.path("r.jsonl"), atomically: true, encoding: .utf8)
        let end = try FileEnd(path: scratch.path("r.jsonl"), rotation: .init(size: 4096, files: 3))
        try end.send([line(1)])
        #expect(scratch.text("r.jsonl") == "one\ntwo\nline 1\n")
    }

    @Test func aFileHasItsHeadBeforeAnythingIsSent() throws {
        try "old".write(toFile: scratch.path("a.vtt"), atomically: true, encoding: .utf8)
        let end = try FileEnd(path: scratch.path("a.vtt"), head: Array("WEBVTT\n\n".utf8))
        #expect(scratch.text("a.vtt") == "WEBVTT\n\n")
        end.close()
    }

    @Test func aPlaceThatCannotBeWrittenIsAnError() {
        let error = #expect(throws: SinksError.self) { _ = try FileEnd(path: "/nowhere/r.jsonl") }
        #expect(error?.message == "/nowhere/r.jsonl: cannot be written here: No such file or directory")
    }

    @Test func aFullDiskIsTriedAgainAndCutsNothing() throws {
        let end = try FileEnd(path: "/dev/full")
        let error = #expect(throws: DeliveryFailure.self) { try end.send([line(1)]) }
        #expect(error == DeliveryFailure("No space left on device"))
    }
}
