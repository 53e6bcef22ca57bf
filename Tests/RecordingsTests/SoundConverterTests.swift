import Foundation
import Media
import Testing
import Units

@testable import Recordings

/// What microphones bring, as recognisers hear it.
struct SoundConverterTests {
    private func tone(_ time: Double) -> Double { 0.5 * sin(2 * .pi * 440 * time) }

    private func convert(
        _ microphone: inout MicrophoneSimulation, blocks: Int, of frames: Int, _ sound: (Double) -> Double
    ) throws -> [AudioBlock] {
        let converter = SoundConverter(format: microphone.format, origin: microphone.start)
        var converted: [AudioBlock] = []
        for _ in 0..<blocks {
            let block = microphone.block(frames, sound)
            converted += try converter.append(block, arrived: microphone.time(of: microphone.position))
        }
        return try converted + converter.finish()
    }

    @Test(arguments: SoundFormat.Encoding.allCases)
    func eachEncodingGivesTheToneAtItsLoudness(_ encoding: SoundFormat.Encoding) throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 2, encoding: encoding))
        let samples = try convert(&microphone, blocks: 100, of: 480, tone).flatMap(\.samples)
        #expect(samples.count == 16_000)
        for (index, sample) in samples.enumerated() where (100..<15_900).contains(index) {
            let expected = Float(tone(Double(index) / 16_000))
            guard abs(sample - expected) > 0.002 else { continue }
            Issue.record("sample \(index) is \(sample), expected \(expected)")
            return
        }
    }

    @Test func soundAtTheRecognizersRateIsNotTouched() throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 16_000, channels: 1, encoding: .float32))
        let blocks = try convert(&microphone, blocks: 50, of: 160, tone)
        #expect(blocks.flatMap(\.samples) == (0..<8_000).map { Float(tone(Double($0) / 16_000)) })
        #expect(blocks.map(\.position) == (0..<50).map { .milliseconds($0 * 10) })
    }

    @Test func soundIsWhatTheSameSoundInAFileIs() throws {
        let folder = try TemporaryFolder()
        var microphone = MicrophoneSimulation(SoundFormat(rate: 44_100, channels: 1, encoding: .float32))
        let blocks = try convert(&microphone, blocks: 73, of: 441, tone)
        let file = (0..<73 * 441).map { Float(tone(Double($0) / 44_100)) }
        let recording = try AudioRecording.open(folder.write(WAV.float(file, rate: 44_100), to: "a.wav"))
        #expect(blocks.flatMap(\.samples) == Sound(recording).samples)
    }

    /// A click each second of true time, after a run of `seconds`: where the output has them.
    private func clicks(drift: Double, seconds: Int) throws -> [(expected: Double, found: Double)] {
        var microphone = MicrophoneSimulation(
            SoundFormat(rate: 48_000, channels: 1, encoding: .signed16), drift: drift)
        let blocks = try convert(&microphone, blocks: seconds * 100, of: 480) { time in
            let offset = time - time.rounded()
            return time.rounded() > 0 ? 0.9 * exp(-offset * offset * 4e7) : 0
        }
        var loudest: [Int: (value: Float, time: Double)] = [:]
        for block in blocks {
            for (index, sample) in block.samples.enumerated() {
                let time = (block.position + AudioBlock.duration(of: index)).seconds
                let second = Int(time.rounded())
                if sample > (loudest[second]?.value ?? 0.2) { loudest[second] = (sample, time) }
            }
        }
        return loudest.map { (Double($0.key), $0.value.time) }.sorted { $0.0 < $1.0 }
    }

    @Test(arguments: [0.01, 0.001, 0.000_1, -0.000_05, -0.001, -0.02])
    func timesStayTrueWhileACardsClockDrifts(_ drift: Double) throws {
        let clicks = try clicks(drift: drift, seconds: 60)
        #expect(clicks.count >= 57)
        for click in clicks {
            let allowed = max(0.006, abs(drift) * 1.5)
            #expect(abs(click.found - click.expected) < allowed, "second \(click.expected): \(click.found)")
        }
    }

    @Test func aGoodCardsSoundPassesBitByBit() throws {
        let format = SoundFormat(rate: 48_000, channels: 1, encoding: .signed32)
        // 4 ms in 100 s: within the dead band.
        var good = MicrophoneSimulation(format, drift: 0.000_04)
        var perfect = MicrophoneSimulation(format)
        var random = SeededGenerator(seed: 1)
        let noise = (0..<480 * 10_000).map { _ in Double.random(in: -1...1, using: &random) }
        func samples(_ microphone: inout MicrophoneSimulation) throws -> [Float] {
            var next = noise.makeIterator()
            return try convert(&microphone, blocks: 10_000, of: 480) { _ in next.next() ?? 0 }.flatMap(\.samples)
        }
        #expect(try samples(&good) == samples(&perfect))
    }

    @Test func aGapIsAJumpToTheTimeOfTheSoundAfterIt() throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 1, encoding: .signed16))
        let converter = SoundConverter(format: microphone.format, origin: microphone.start + .milliseconds(-250))
        var blocks = try converter.append(microphone.block(4_800, tone), arrived: microphone.time(of: 5_000))
        blocks += try converter.append(microphone.gap(96_000, .overrun))
        blocks += try converter.append(microphone.block(4_800, tone), arrived: microphone.time(of: 106_000))
        blocks += try converter.finish()
        let gap = try #require(zip(blocks, blocks.dropFirst()).first { $0.end != $1.position })
        #expect(gap.0.end == .milliseconds(350))
        #expect(gap.1.position == .milliseconds(2_350))
        #expect(blocks.last?.end == .milliseconds(2_450))
        #expect(blocks.map(\.missing) == [nil, nil, .overrun, nil])
        // What the filter held back arrived with the sound it belongs to.
        let arrivals = [microphone.time(of: 5_000), microphone.time(of: 106_000)].map { $0 - converter.origin }
        #expect(blocks.map(\.arrival) == [arrivals[0], arrivals[0], arrivals[1], arrivals[1]])
    }

    @Test func soundThatIsMissingWithoutWordIsAGapToo() throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 1, encoding: .signed16))
        let converter = SoundConverter(format: microphone.format, origin: microphone.start)
        var blocks = try converter.append(microphone.block(4_800, tone), arrived: microphone.time(of: 4_800))
        _ = microphone.gap(48_000, .skipped)
        blocks += try converter.append(microphone.block(4_800, tone), arrived: microphone.time(of: 57_600))
        microphone.start = microphone.start + .milliseconds(60)
        blocks += try converter.append(microphone.block(4_800, tone), arrived: microphone.time(of: 62_400))
        let starts = zip(blocks, blocks.dropFirst()).filter { $0.end != $1.position }.map(\.1.position)
        #expect(starts == [.milliseconds(1_100), .milliseconds(1_260)])
    }

    @Test func positionsNeverGoBackWhateverTheStampsSay() throws {
        for seed in 0..<40 {
            var random = SeededGenerator(seed: UInt64(seed))
            let encoding = SoundFormat.Encoding.allCases.randomElement(using: &random) ?? .signed16
            let rate = [8_000, 16_000, 44_100, 48_000, 96_000].randomElement(using: &random) ?? 48_000
            var microphone = MicrophoneSimulation(SoundFormat(rate: rate, channels: 1, encoding: encoding))
            let converter = SoundConverter(format: microphone.format, origin: microphone.start)
            let twin = SoundConverter(format: microphone.format, origin: microphone.start)
            var end = Duration.seconds(-1_000)
            var arrival = end
            for _ in 0..<60 {
                if Int.random(in: 0..<10, using: &random) == 0 {
                    _ = microphone.gap(Int.random(in: 1...rate, using: &random), .overrun)
                }
                var block = microphone.block(Int.random(in: 1...rate / 10, using: &random), tone)
                block.captured = block.captured + .milliseconds(Int.random(in: -30_000...30_000, using: &random))
                let arrived = block.captured + .milliseconds(Int.random(in: -50...500, using: &random))
                let converted = try converter.append(block, arrived: arrived)
                #expect(try converted == twin.append(block, arrived: arrived))
                for part in converted {
                    #expect(part.position >= end && part.arrival >= arrival && !part.samples.isEmpty, "seed \(seed)")
                    (end, arrival) = (part.end, part.arrival)
                }
            }
        }
    }

    @Test func aBlockWithoutItsBytesIsAnError() throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 2, encoding: .signed24))
        let converter = SoundConverter(format: microphone.format, origin: microphone.start)
        var block = microphone.block(480, tone)
        block.bytes.removeLast()
        let error = #expect(throws: RecordingError.self) { try converter.append(block, arrived: block.captured) }
        #expect(error?.message.contains("2879 bytes; it needs 2880") == true)
    }

    @Test func numbersThatAreNoneAreSilentAndCounted() throws {
        var microphone = MicrophoneSimulation(SoundFormat(rate: 48_000, channels: 1, encoding: .float32))
        let converter = SoundConverter(format: microphone.format, origin: microphone.start)
        let blocks = try converter.append(
            microphone.block(4_800) { $0 < 0.05 ? .nan : tone($0) }, arrived: microphone.time(of: 4_800))
        #expect(converter.damagedSamples == 2_400)
        #expect(blocks.flatMap(\.samples).allSatisfy { $0.magnitude <= 1 })
    }

    @Test func correctionBeginsBeyondTheDeadBandAndEndsNearTheAim() {
        var compensation = ClockCompensation()
        #expect(compensation.samplesToAdd(lateness: .milliseconds(5)) == nil)
        #expect(compensation.samplesToAdd(lateness: .microseconds(-5_001)) == -80)
        #expect(compensation.samplesToAdd(lateness: .milliseconds(-2)) == -32)
        #expect(compensation.samplesToAdd(lateness: .milliseconds(1)) == 0)
        #expect(compensation.samplesToAdd(lateness: .milliseconds(4)) == nil)
        #expect(compensation.samplesToAdd(lateness: .seconds(86_400)) == ClockCompensation.mostSamples)
        #expect(compensation.samplesToAdd(lateness: .seconds(-86_400)) == -ClockCompensation.mostSamples)
    }
}
