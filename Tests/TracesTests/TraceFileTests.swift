import Alert
import Foundation
import Testing
import Units

@testable import Traces

@Suite struct TraceFileTests {
    @Test func `What is written is read again, whatever the candidates, stages and blocks`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 1)
        for round in 0..<40 {
            let trace = try Trace.random(samples: 1 + Int(generator.share() * 50), using: &generator)
            let path = folder.file("\(round).heedtrace")
            var writer = try TraceWriter(
                path: path, header: trace.header, samplesPerBlock: 1 + Int(generator.share() * 20))
            for sample in 0..<trace.count { try writer.append(trace[sample]) }
            try writer.flush()
            let read = try Trace(contentsOf: path)
            #expect(read.header == trace.header)
            #expect(read.figures == trace.figures)
            #expect(read.omission == nil)
            #expect((0..<trace.count).allSatisfy { read[$0] == trace[$0] })
        }
    }

    @Test func `The same trace is the same bytes`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 2)
        let trace = try Trace.random(samples: 20, using: &generator)
        for name in ["a", "b"] {
            var writer = try TraceWriter(path: folder.file(name), header: trace.header)
            try writer.append(trace)
        }
        let bytes = try ["a", "b"].map { try Data(contentsOf: URL(filePath: folder.file($0))) }
        #expect(bytes[0] == bytes[1])
    }

    @Test func `A trace cut off anywhere gives its whole blocks, says what is missing, and can be gone on with`() throws
    {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 3)
        let trace = try Trace.random(samples: 30, using: &generator)
        let path = folder.file("whole")
        var writer = try TraceWriter(path: path, header: trace.header, samplesPerBlock: 7)
        try writer.append(trace)
        let whole = try Data(contentsOf: URL(filePath: path))
        let block = TraceFile.blockHeadBytes + 7 * trace.layout.columns * 4
        let last = TraceFile.blockHeadBytes + 2 * trace.layout.columns * 4
        let start = whole.count - 4 * block - last
        for cut in stride(from: start, through: whole.count, by: 37) {
            let path = folder.file("cut-\(cut)")
            try whole.prefix(cut).write(to: URL(filePath: path))
            let read = try Trace(contentsOf: path)
            let blocks = (cut - start) / block
            #expect(read.count == (cut == whole.count ? 30 : blocks * 7))
            #expect((read.omission == nil) == (cut == whole.count || (cut - start) % block == 0))
            var again = try TraceWriter(resuming: path, samplesPerBlock: 7)
            #expect(again.count == read.count)
            for sample in read.count..<30 { try again.append(trace[sample]) }
            try again.flush()
            let bytes = try Data(contentsOf: URL(filePath: path))
            #expect(bytes == whole)
        }
    }

    @Test func `A last block of zeros or half written, as a power cut leaves it, is left out`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 4)
        let trace = try Trace.random(samples: 10, using: &generator)
        let path = folder.file("t")
        var writer = try TraceWriter(path: path, header: trace.header, samplesPerBlock: 5)
        try writer.append(trace)
        var bytes = try Data(contentsOf: URL(filePath: path))
        let half = bytes.count - 5 * trace.layout.columns * 2
        bytes.replaceSubrange(half..., with: Data(count: bytes.count - half))
        try bytes.write(to: URL(filePath: path))
        let read = try Trace(contentsOf: path)
        #expect(read.count == 5)
        #expect(try #require(read.omission).contains("5 samples are whole"))
        var short = bytes.prefix(bytes.count - TraceFile.blockHeadBytes - 5 * trace.layout.columns * 4)
        short += Data(count: TraceFile.blockHeadBytes)
        try short.write(to: URL(filePath: path))
        #expect(try Trace(contentsOf: path).count == 5)
    }

    @Test func `No byte changed within the file goes unnoticed`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 5)
        let trace = try Trace.random(samples: 12, using: &generator)
        let path = folder.file("t")
        var writer = try TraceWriter(path: path, header: trace.header, samplesPerBlock: 6)
        try writer.append(trace)
        let whole = try Data(contentsOf: URL(filePath: path))
        for _ in 0..<300 {
            var bytes = whole
            let place = Int(generator.share() * Double(whole.count))
            bytes[place] ^= UInt8(1 + generator.share() * 254)
            try bytes.write(to: URL(filePath: path))
            let read = try? Trace(contentsOf: path)
            #expect(read == nil || read?.omission != nil, "byte \(place)")
        }
    }

    @Test func `What is no trace is refused, with the file and the reason`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 6)
        let trace = try Trace.random(samples: 4, using: &generator)
        let good = folder.file("good")
        var writer = try TraceWriter(path: good, header: trace.header)
        try writer.append(trace)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: good)))
        let start = whole.count - TraceFile.blockHeadBytes - 4 * trace.layout.columns * 4

        func reading(_ bytes: [UInt8]) throws -> TracesError {
            let path = folder.file("bad")
            try Data(bytes).write(to: URL(filePath: path))
            let error = try #require(throws: TracesError.self) { try Trace(contentsOf: path) }
            #expect(error.message.hasPrefix(path))
            return error
        }
        #expect(try reading([]).code == .notATrace)
        #expect(try reading(Array("RIFF, and nothing else".utf8)).code == .notATrace)
        #expect(try reading(Array("heedtrc1".utf8) + whole.dropFirst(8)).message.contains("a version"))
        #expect(try reading(Array(whole.prefix(40))).code == .damaged)
        #expect(try reading(Array(whole.prefix(8)) + [255, 255, 255, 255] + whole.dropFirst(12)).code == .damaged)
        let other = try reading(Array(whole.prefix(start)) + Array("something else in a block's place".utf8))
        #expect(other.message.contains("something else than a block begins at byte \(start)"))
        for count: [UInt8] in [[0, 0, 0, 0], [255, 255, 255, 255], [1, 0, 1, 0]] {
            let bytes = whole.prefix(start + 8) + count + whole.dropFirst(start + 12)
            #expect(try reading(Array(bytes)).message.contains("a block of"))
        }
        let misplaced = whole.prefix(start + 4) + [9, 0, 0, 0] + whole.dropFirst(start + 8)
        #expect(try reading(Array(misplaced)).message.contains("sample 9 comes where 0 should"))
        #expect(throws: TracesError.self) { try Trace(contentsOf: folder.path) }
        let missing = try #require(throws: TracesError.self) { try Trace(contentsOf: folder.file("missing")) }
        #expect(missing.code == .notFound)
    }

    @Test func `A figure that cannot be measured is refused in a file with the sample it is in`() throws {
        let folder = try ScratchFolder()
        let header = TraceHeader([CandidateProfile("a", [(10, 0.5), (20, 0.8)], watts: 5)])
        let layout = TraceLayout(header)
        let bad: [(column: Int, value: Float, words: String)] = [
            (0, .nan, "idle power"), (0, -1, "idle power"), (1, 0, "size"), (2, -1, "its preparation"),
            (3, .infinity, "its preparation"), (4, .nan, "time of a@cpu-1t, stage 1"), (4, .infinity, "time"),
            (7, 0.001, "time of a@cpu-1t, stage 2"), (8, 0.01, "energy of a@cpu-1t, stage 2"), (6, 1.5, "quality"),
            (9, .nan, "quality"),
        ]
        for (column, value, words) in bad {
            let path = folder.file("bad")
            _ = try TraceWriter(path: path, header: header, replaces: true)
            var rows: [[Float]] = Array(repeating: [2, 1, 0, 0, 0.01, 0.05, 1, 0.02, 0.1, 1], count: 3)
            rows[1][column] = value
            var columns: [UInt8] = []
            for column in 0..<layout.columns {
                for row in rows { columns.append(littleEndian: row[column].bitPattern) }
            }
            var block = TraceFile.blockMagic
            for number in [0, 3, TraceFile.checksum(columns)] as [UInt32] { block.append(littleEndian: number) }
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data(block + columns))
            try file.close()
            let error = try #require(throws: TracesError.self) { try Trace(contentsOf: path) }
            #expect(error.code == .damaged)
            #expect(error.message.contains("sample 1: \(words)"), "\(error)")
        }
    }

    @Test func `A writer refuses what it could not read again, a file that is there, and a second writer`() throws {
        let folder = try ScratchFolder()
        let header = TraceHeader([CandidateProfile("a", [(10, 0.5)], watts: 5)])
        let path = folder.file("t")
        var writer = try TraceWriter(path: path, header: header)
        let nan = Trace.Sample(idlePower: Watts(1), answers: [[.init(time: .nan, energy: 1, quality: 1)]])
        #expect(throws: TracesError.self) { try writer.append(nan) }
        let twice = Trace.Sample(
            idlePower: Watts(1), answers: Array(repeating: [.init(time: 1, energy: 1, quality: 1)], count: 2))
        #expect(throws: TracesError.self) { try writer.append(twice) }
        #expect(writer.count == 0)
        #expect(throws: TracesError.self) { _ = try TraceWriter(path: path, header: header) }
        let second = try #require(throws: TracesError.self) { _ = try TraceWriter(resuming: path) }
        #expect(second.message.contains("another program"))
        try writer.append(Trace.Sample(idlePower: Watts(1), answers: [[.init(time: 1, energy: 1, quality: 1)]]))
        try writer.flush()
        #expect(try Trace(contentsOf: path).count == 1)
        var stopping = header
        stopping.profile.candidates[0].candidate.stage = 1
        #expect(throws: TracesError.self) { _ = try TraceWriter(path: folder.file("u"), header: stopping) }
        var endless = header
        endless.profile.idlePower = Watts(.infinity)
        #expect(throws: TracesError.self) { _ = try TraceWriter(path: folder.file("v"), header: endless) }
    }

    @Test(arguments: [-1e27, 0, .infinity, .nan])
    func `A header whose candidates' times nobody can have measured is refused`(mean: Double) {
        var header = TraceHeader([CandidateProfile("a", [(10, 0.5)], watts: 5)])
        header.profile.candidates[0].time.mean = mean
        let error = #expect(throws: TracesError.self) { try header.check() }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("mean_ms") == true)
    }

    @Test(arguments: [-1, .infinity, .nan])
    func `A header whose idle power nobody can have measured is refused`(watts: Double) {
        let error = #expect(throws: TracesError.self) {
            try TraceHeader([CandidateProfile("a", [(10, 0.5)], watts: 5)], idleWatts: watts).check()
        }
        #expect(error?.message.contains("idle_power_w") == true)
    }

    @Test func `Seconds that are none make a duration all the same`() {
        #expect(Duration(played: -1e35) == .zero)
        #expect(Duration(played: .nan) == .zero)
        #expect(Duration(played: 1e35) == .seconds(9_000_000_000))
    }
}
