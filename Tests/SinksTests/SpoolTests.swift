import Foundation
import Testing

@testable import Sinks

struct SpoolTests {
    private let scratch: ScratchFolder
    private var path: String { scratch.path }

    init() throws { scratch = try ScratchFolder() }

    private func drained(_ spool: Spool) -> [Message] {
        var all: [Message] = []
        while true {
            let messages = spool.first(7)
            if messages.isEmpty { return all }
            all += messages
            spool.removeFirst(messages.count)
        }
    }

    @Test func whatWaitsComesBackInOrderAfterARestart() throws {
        let messages = (0..<500).map { message($0, topic: $0.isMultiple(of: 2) ? "frames" : "speech") }
        do {
            let spool = try Spool(path: path, limit: 1 << 20)
            #expect(spool.append(messages) == 500)
            _ = spool.first(100)
            spool.removeFirst(100)
        }
        let spool = try Spool(path: path, limit: 1 << 20)
        #expect(spool.count == 400)
        #expect(drained(spool) == Array(messages[100...]))
        #expect(spool.isEmpty)
    }

    @Test func itTakesNoMoreOfTheDiskThanItMay() throws {
        let limit = 64 << 10
        let spool = try Spool(path: path, limit: limit)
        let messages = (0..<5000).map { message($0) }
        let kept = spool.append(messages)
        #expect(kept > 500 && kept < 5000)
        #expect(scratch.size <= limit + 16)
        #expect(spool.append([message(0)]) == 0)
        #expect(spool.obstacle.contains("64 KiB"))
        #expect(drained(spool) == Array(messages[..<kept]))
        #expect(spool.append([message(1)]) == 1)
    }

    @Test func halfAMessageOfACrashIsCutOff() throws {
        do {
            let spool = try Spool(path: path, limit: 1 << 20)
            #expect(spool.append([message(1), message(2)]) == 2)
        }
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: path).first { $0.hasSuffix(".spool") })
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.path(name)))
        let end = try file.seekToEnd()
        try file.truncate(atOffset: end - 3)
        try file.close()
        let spool = try Spool(path: path, limit: 1 << 20)
        #expect(spool.takeDamage())
        #expect(spool.append([message(3)]) == 1)
        #expect(drained(spool) == [message(1), message(3)])
    }

    @Test func aPlaceThatIsWrongRepeatsRatherThanLoses() throws {
        do {
            let spool = try Spool(path: path, limit: 1 << 20)
            #expect(spool.append([message(1), message(2)]) == 2)
            _ = spool.first(1)
            spool.removeFirst(1)
        }
        let place = [UInt64(1), UInt64(5)].withUnsafeBytes { Data($0) }
        try place.write(to: URL(fileURLWithPath: scratch.path("position")))
        #expect(drained(try Spool(path: path, limit: 1 << 20)) == [message(1), message(2)])
    }

    @Test func aFolderThatIsInUseIsRefused() throws {
        let first = try Spool(path: path, limit: 1 << 20)
        let error = #expect(throws: SinksError.self) { _ = try Spool(path: path, limit: 1 << 20) }
        #expect(error?.code == .badSpool)
        #expect(error?.message.contains("another heed") == true)
        #expect(first.isEmpty)
    }

    @Test(arguments: 1...8) func itIsAQueueWhateverHappensToIt(seed: UInt64) throws {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var spool: Spool? = try Spool(path: path, limit: 128 << 10)
        var model: [Message] = []
        var next = 0
        for _ in 0..<400 {
            switch random(10) {
            case 0:
                spool = nil
                spool = try Spool(path: path, limit: 128 << 10)
                #expect(spool?.takeDamage() == false)
            case 1...5:
                let messages = (0..<random(20)).map { message(next + $0) }
                next += messages.count
                model += messages.prefix(spool?.append(messages) ?? 0)
            default:
                let messages = spool?.first(1 + random(30)) ?? []
                #expect(messages == Array(model.prefix(messages.count)))
                #expect(messages.isEmpty == model.isEmpty)
                let taken = messages.isEmpty ? 0 : random(messages.count + 1)
                spool?.removeFirst(taken)
                model.removeFirst(taken)
            }
            #expect(spool?.count == model.count)
        }
    }

    @Test func aFullDiskCostsRoomAndNothingElse() throws {
        let mounted = try mount(size: "64k")
        guard mounted else {
            print("SKIPPED: a full disk is not tested, since a small file system can be mounted by root only")
            return
        }
        defer { unmount() }
        let spool = try Spool(path: path + "/spool", limit: 1 << 20)
        let messages = (0..<4000).map { message($0) }
        let kept = spool.append(messages)
        #expect(kept > 100 && kept < 4000)
        #expect(spool.obstacle.contains("No space left"))
        #expect(drained(spool) == Array(messages[..<kept]))
        #expect(spool.append([message(9)]) == 1)
    }

    private func mount(size: String) throws -> Bool {
        try run(["mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path])
    }
    private func unmount() { _ = try? run(["umount", path]) }

    private func run(_ command: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
