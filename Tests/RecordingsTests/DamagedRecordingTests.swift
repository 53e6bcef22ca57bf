import Foundation
import Media
import Testing
import Units

@testable import Recordings

/// Numbers that no recording has are damage, not a trap.
struct DamagedRecordingTests {
    private let origin = MonotonicTime(nanoseconds: 7_000_000_000_001)
    private static let extremes: [Int64] = [.min, .min + 1, -1_000_000_000_000_000_001, .max / 2, .max - 1, .max]

    private func read(_ timing: BlockTiming) -> BlockTiming? { timing.bytes.withUnsafeBytes { BlockTiming($0) } }
    private func read(_ line: String) -> RecordedNote? { Array(line.utf8).withUnsafeBytes { RecordedNote(line: $0) } }

    @Test(arguments: extremes)
    func timesAndNumbersOfBlocksAreBounded(_ extreme: Int64) {
        let good = BlockTiming(kind: .frame, quality: .device, number: 3, captured: -5, arrived: 7)
        #expect(read(good) == good)
        for path in [\BlockTiming.number, \.captured, \.arrived] {
            var bad = good
            bad[keyPath: path] = extreme
            #expect(read(bad) == nil)
        }
    }

    @Test(arguments: [0, -48_000, 1e300, .infinity, -.infinity, .nan])
    func ratesOfSoundAreBounded(_ rate: Double) {
        var timing = BlockTiming(
            kind: .sound(frames: 480, rate: 48_000.5), quality: .device, number: 0, captured: 0, arrived: 0)
        #expect(read(timing) == timing)
        timing.kind = .sound(frames: 480, rate: rate)
        #expect(read(timing) == nil)
    }

    @Test(arguments: [
        #"{"arrived":@}"#,
        #"{"arrived":0,"lost":{"first":@,"count":1,"why":"driver"}}"#,
        #"{"arrived":0,"lost":{"first":0,"count":@,"why":"driver"}}"#,
        #"{"arrived":0,"damaged":{"number":@,"captured":0,"why":"flagged"}}"#,
        #"{"arrived":0,"damaged":{"number":0,"captured":@,"why":"flagged"}}"#,
        #"{"arrived":0,"superseded":{"number":@,"captured":0}}"#,
        #"{"arrived":0,"superseded":{"number":0,"captured":@}}"#,
        #"{"arrived":0,"outage":{"first":@,"count":1,"from":0,"to":0}}"#,
        #"{"arrived":0,"outage":{"first":0,"count":@,"from":0,"to":0}}"#,
        #"{"arrived":0,"outage":{"first":0,"count":1,"from":@,"to":0}}"#,
        #"{"arrived":0,"outage":{"first":0,"count":1,"from":0,"to":@}}"#,
        #"{"arrived":0,"uncounted":{"superseded":@,"damaged":0,"lost":0}}"#,
        #"{"arrived":0,"uncounted":{"superseded":0,"damaged":@,"lost":0}}"#,
        #"{"arrived":0,"uncounted":{"superseded":0,"damaged":0,"lost":@}}"#,
        #"{"arrived":0,"gap":{"position":@,"frames":1,"begins":0,"duration":0,"why":"overrun"}}"#,
        #"{"arrived":0,"gap":{"position":0,"frames":@,"begins":0,"duration":0,"why":"overrun"}}"#,
        #"{"arrived":0,"gap":{"position":0,"frames":1,"begins":@,"duration":0,"why":"overrun"}}"#,
        #"{"arrived":0,"gap":{"position":0,"frames":1,"begins":0,"duration":@,"why":"overrun"}}"#,
    ])
    func numbersInNotesAreBounded(_ line: String) {
        #expect(read(line.replacingOccurrences(of: "@", with: "7")) != nil)
        for extreme in Self.extremes {
            #expect(read(line.replacingOccurrences(of: "@", with: "\(extreme)")) == nil)
        }
    }

    @Test(arguments: [
        #"{"arrived":0,"lost":{"first":0,"count":-1,"why":"driver"}}"#,
        #"{"arrived":0,"outage":{"first":0,"count":-1,"from":0,"to":0}}"#,
        #"{"arrived":0,"uncounted":{"superseded":0,"damaged":0,"lost":-1}}"#,
        #"{"arrived":0,"gap":{"position":0,"frames":-1,"begins":0,"duration":0,"why":"overrun"}}"#,
    ])
    func countsAreNotNegative(_ line: String) { #expect(read(line) == nil) }

    @Test func anOriginThatNoClockHasIsADamagedHeader() throws {
        for extreme in Self.extremes {
            let tags = ["HEED_RECORDING": "1", "HEED_ORIGIN_MONOTONIC": "\(extreme)"]
            let error = recordingError { _ = try RecordingHeader({ tags[$0] }, path: "a.mkv") }
            #expect(error?.code == .unreadable && error?.message.contains("header is damaged") == true)
        }
    }

    /// Each number of each block is replaced, in turn, by each extreme.
    @Test func aFileOfExtremesIsReadToItsEnd() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 1)
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 1, encoding: .signed16))
        microphone.start = origin
        let writer = try RecordingWriter(
            path: folder.path("a.mkv"), origin: origin, video: VideoTrack(device: "camera"),
            sound: SoundTrack(device: "hw:0", format: microphone.format), options: roomyOptions)
        // The bytes by which the additions of frames and of sound are found.
        var beginnings: [Data] = []
        for number in 0..<3 {
            let captured = origin + .milliseconds(40 * number)
            try writer.append(
                CapturedFrame(
                    number: number, captured: captured, timeQuality: .device, arrived: captured,
                    frame: .noise(.gray, 32, 24, using: &random)))
            let block = microphone.block(1_920) { _ in 0.1 }
            try writer.append(block, arrived: captured)
            let frame = BlockTiming(kind: .frame, quality: .device, number: 0, captured: 0, arrived: 0)
            var sound = frame
            sound.kind = .sound(frames: 1_920, rate: 0)
            sound.quality = block.timeQuality
            beginnings = [frame, sound].map { Data($0.bytes.prefix(8)) }
        }
        try writer.finish()
        let bytes = try folder.read("a.mkv")
        for extreme in Self.extremes {
            for (beginning, offset) in [(0, 8), (0, 16), (0, 24), (1, 8), (1, 16), (1, 24), (1, 32)] {
                var damaged = bytes
                var count = 0
                var rest = damaged.startIndex
                while let found = damaged[rest...].range(of: beginnings[beginning]) {
                    let place = found.lowerBound + offset
                    withUnsafeBytes(of: extreme.littleEndian) { damaged.replaceSubrange(place..<place + 8, with: $0) }
                    rest = place + 8
                    count += 1
                }
                #expect(count == 3)
                let path = try folder.write(damaged, to: "damaged.mkv")
                #expect(try ReadBack.frames(path).count == 3)
                #expect(try ReadBack.sound(path).count == 3)
                #expect(Sound(try AudioRecording.open(path)).samples.count > 1_000)
            }
        }
    }
}
