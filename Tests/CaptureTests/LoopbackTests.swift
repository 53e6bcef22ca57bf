import Foundation
import Media
import Testing
import Units

@testable import Capture

private enum LoopbackCard {
    static let isThere = Microphones.all().contains { $0.name == "hw:CARD=Loopback,DEV=1" }
    static let missing: Comment = "skipped: there is no loopback sound card; `make test-devices` has one"
    static let driver = "/sys/bus/platform/drivers/snd_aloop"
    static let mayUnplug = access(driver + "/unbind", W_OK) == 0
}

/// The kernel's loopback card: what a player writes into its first device comes out of the second. `make test-devices`
/// has one.
@Suite(.serialized, .enabled(if: LoopbackCard.isThere, LoopbackCard.missing))
struct LoopbackTests {
    private static let rate = 16_000
    private static let device = "hw:CARD=Loopback,DEV=1"
    private let configuration = MicrophoneConfiguration(device: device, rate: rate)

    /// Noise of which each stretch is found in one place only, then silence: a player may leave the very end out.
    private static func noise(seconds: Int) -> [Int16] {
        var generator = SeededGenerator(seed: 11)
        let samples = (0..<seconds * rate).map { _ in Int16.random(in: -8_000...8_000, using: &generator) }
        return samples + [Int16](repeating: 0, count: rate / 2)
    }

    private static func play(_ samples: [Int16], in folder: URL) throws -> Process {
        let file = folder.appendingPathComponent("played.raw")
        try samples.withUnsafeBytes { Data($0) }.write(to: file)
        return try run(
            "aplay", ["-q", "-D", "hw:Loopback,0,0", "-t", "raw", "-f", "S16_LE", "-r", "\(rate)", file.path])
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func end(_ process: Process) {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Runs `body` with a folder that is removed after it.
    private static func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heed-loopback-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// Everything that a microphone brings until `isEnough`, and the samples in one row, gaps as zeros.
    private static func listen(
        to microphone: Microphone, until isEnough: ([SoundEvent]) -> Bool
    ) throws -> (events: [SoundEvent], samples: [Int16]) {
        var events: [SoundEvent] = []
        var samples: [Int16] = []
        while !isEnough(events) {
            let event = try #require(microphone.next(waiting: .seconds(20)))
            events.append(event)
            switch event {
            case .sound(let block):
                samples += block.bytes.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
            case .gap(let gap):
                samples += [Int16](repeating: 0, count: Int(gap.frames))
            }
        }
        return (events, samples)
    }

    private static func gaps(_ events: [SoundEvent]) -> [SoundGap] {
        events.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
    }

    private static func seconds(_ events: [SoundEvent]) -> Double {
        let frames = events.reduce(0) { if case .sound(let block) = $1 { $0 + block.frames } else { $0 } }
        return Double(frames) / Double(rate)
    }

    /// Where `part` begins in `whole`.
    private static func place(of part: ArraySlice<Int16>, in whole: [Int16]) -> Int? {
        guard let first = part.first else { return nil }
        return whole.indices.dropLast(part.count).first {
            whole[$0] == first && whole[$0..<$0 + part.count].elementsEqual(part)
        }
    }

    @Test func `What is played is captured bit by bit`() throws {
        try Self.withFolder { folder in
            let played = Self.noise(seconds: 3)
            let player = try Self.play(played, in: folder)
            Thread.sleep(forTimeInterval: 0.3)
            let microphone = try Microphone(configuration)
            #expect(microphone.format == SoundFormat(rate: Self.rate, channels: 1, encoding: .signed16))
            try microphone.start()
            let (events, samples) = try Self.listen(to: microphone) { Self.seconds($0) >= 3 }
            microphone.stop()
            end(player)
            #expect(Self.gaps(events).isEmpty)
            let start = try #require(samples.firstIndex { $0 != 0 })
            let place = try #require(Self.place(of: samples[start..<start + 400], in: played))
            let count = min(samples.count - start, 3 * Self.rate - place)
            #expect(count > Self.rate)
            #expect(samples[start..<start + count].elementsEqual(played[place..<place + count]))
            #expect(microphone.report.rejectedStamps == 0)
        }
    }

    @Test func `Digital silence is told, and ends with the first sound`() throws {
        try Self.withFolder { folder in
            let microphone = try Microphone(configuration)
            try microphone.start()
            _ = try Self.listen(to: microphone) { Self.seconds($0) >= 4.5 }
            #expect(!microphone.report.isSilent)
            _ = try Self.listen(to: microphone) { Self.seconds($0) >= 1.5 }
            #expect(microphone.report.isSilent)
            let player = try Self.play(Self.noise(seconds: 5), in: folder)
            _ = try Self.listen(to: microphone) { _ in !microphone.report.isSilent }
            microphone.stop()
            end(player)
        }
    }

    @Test func `Capturing from a card allocates nothing`() throws {
        _ = try CaptureAllocations.count(on: Self.device, backlog: .milliseconds(200), entries: 10)
        let short = try CaptureAllocations.count(on: Self.device, backlog: .milliseconds(200), entries: 50)
        let long = try CaptureAllocations.count(on: Self.device, backlog: .milliseconds(200), entries: 400)
        print("Allocations of the capturing thread: \(short) in 0.5 s, \(long) in 4 s")
        #expect(short > 0, "the count does not work")
        #expect(short == long)
    }

    @Test func `A process that stands still for two seconds misses just that`() throws {
        try Self.withFolder { folder in
            let played = Self.noise(seconds: 8)
            let player = try Self.play(played, in: folder)
            Thread.sleep(forTimeInterval: 0.3)
            let microphone = try Microphone(configuration)
            try microphone.start()
            let own = ProcessInfo.processInfo.processIdentifier
            let (before, first) = try Self.listen(to: microphone) { Self.seconds($0) >= 1.5 }
            let stopper = try Self.run("sh", ["-c", "kill -STOP \(own); sleep 2; kill -CONT \(own)"])
            let (after, second) = try Self.listen(to: microphone) {
                !Self.gaps($0).isEmpty && Self.seconds($0) >= 1.5
            }
            microphone.stop()
            stopper.waitUntilExit()
            end(player)
            #expect(Self.gaps(before).isEmpty)
            let gaps = Self.gaps(after)
            let gap = try #require(gaps.first)
            #expect(gaps.count == 1 && gap.reason == .overrun)
            #expect(microphone.report.overruns == 1)
            // The noise itself tells how much is missing: where it goes on after the gap.
            let start = try #require(first.firstIndex { $0 != 0 })
            let begin = try #require(Self.place(of: first[start..<start + 400], in: played))
            let later = Int(gap.position + gap.frames) - first.count + 200
            let place = try #require(Self.place(of: second[later..<later + 400], in: played))
            let expected = begin + (first.count - start) + later
            print("A gap of \(gap.duration.milliseconds) ms was off by \(Double(expected - place) / 16) ms")
            #expect(abs(expected - place) <= Self.rate / 100)
        }
    }

    @Test func `A second user is told who the first one is`() throws {
        let recorders = try (0..<2).map { _ in
            try Self.run(
                "arecord", ["-q", "-D", "hw:Loopback,1", "-f", "S16_LE", "-r", "16000", "-d", "60", "/dev/null"])
        }
        defer { for recorder in recorders { end(recorder) } }
        let latest = MonotonicTime.now() + .seconds(30)
        while !Microphones.all().contains(where: { $0.matches(Self.device) && $0.isBusy }), .now() < latest {
            Thread.sleep(forTimeInterval: 0.1)
        }
        let error = #expect(throws: CaptureError.self) { _ = try Microphone(configuration) }
        #expect(error?.code == .busy)
        print(error?.message ?? "")
        #expect(error?.message.contains("arecord (process ") == true)
    }

    @Test(arguments: [100_100, 99_500])
    func `Drift is found as the card has it`(shift: Int) throws {
        try Self.withFolder { folder in
            let control = "iface=PCM,name=PCM Rate Shift 100000,device=1"
            let set = try Self.run("amixer", ["-q", "-c", "Loopback", "cset", control, "\(shift)"])
            set.waitUntilExit()
            defer { (try? Self.run("amixer", ["-q", "-c", "Loopback", "cset", control, "100000"]))?.waitUntilExit() }
            try #require(set.terminationStatus == 0)
            let microphone = try Microphone(configuration)
            try microphone.start()
            let (events, _) = try Self.listen(to: microphone) { Self.seconds($0) >= 20 }
            microphone.stop()
            let drift = try #require(microphone.report.drift)
            let expected = (100_000 / Double(shift) - 1) * 1e6
            print("Drift \(drift.partsPerMillion) ± \(drift.uncertainty) ppm, expected \(expected)")
            #expect(abs(drift.partsPerMillion - expected) < abs(expected) * 0.1)
            #expect(Self.gaps(events).isEmpty)
        }
    }

    @Test(.enabled(if: LoopbackCard.mayUnplug, "skipped: only root may unplug the card"))
    func `A card that is unplugged is back in use when it is back`() throws {
        let microphone = try Microphone(configuration)
        try microphone.start()
        _ = try Self.listen(to: microphone) { Self.seconds($0) >= 0.5 }
        try "snd_aloop.0".write(toFile: LoopbackCard.driver + "/unbind", atomically: false, encoding: .utf8)
        Thread.sleep(forTimeInterval: 3)
        #expect(!microphone.report.isRunning)
        print(microphone.report.problem ?? "no problem")
        #expect(microphone.report.problem?.contains("no such microphone") == true)
        while microphone.next(waiting: .zero) != nil {}
        try "snd_aloop.0".write(toFile: LoopbackCard.driver + "/bind", atomically: false, encoding: .utf8)
        let back = MonotonicTime.now()
        let event = try #require(microphone.next(waiting: .seconds(20)))
        print("Sound \((MonotonicTime.now() - back).seconds) s after the card's return")
        guard case .gap(let gap) = event else {
            Issue.record("no gap, but \(event)")
            return
        }
        #expect(gap.reason == .disconnected)
        #expect(gap.duration >= .seconds(2.9) && gap.duration < .seconds(6))
        #expect(microphone.report.reopenings == 1 && microphone.report.problem == nil)
        _ = try Self.listen(to: microphone) { Self.seconds($0) >= 0.5 }
        // One that is away in the end is told too.
        let heard = microphone.report.frames
        try "snd_aloop.0".write(toFile: LoopbackCard.driver + "/unbind", atomically: false, encoding: .utf8)
        defer { try? "snd_aloop.0".write(toFile: LoopbackCard.driver + "/bind", atomically: false, encoding: .utf8) }
        Thread.sleep(forTimeInterval: 2)
        microphone.stop()
        var last: SoundEvent?
        while let event = microphone.next(waiting: .zero) { last = event }
        guard case .gap(let open)? = last else {
            Issue.record("no gap at the end, but \(String(describing: last))")
            return
        }
        #expect(open.reason == .disconnected)
        #expect(open.duration >= .seconds(1.5) && open.duration < .seconds(6))
        #expect(open.position >= Int64(heard) + gap.frames)
    }
}
