import Glibc
import Media
import Testing
import Units

@testable import Capture

/// alsa-lib itself, on its device without a card: silence, as fast as it is read.
struct MicrophoneTests {
    private let configuration = MicrophoneConfiguration(device: "null", rate: 48_000, channels: 2)

    @Test func `The period and the buffer are as asked`() throws {
        let microphone = try Microphone(configuration)
        #expect(microphone.format == SoundFormat(rate: 48_000, channels: 2, encoding: .signed16))
        #expect(microphone.periodFrames == 480)
        #expect(microphone.bufferFrames == 24_000)
    }

    @Test func `Every frame is handed on or told as missing`() throws {
        var configuration = configuration
        configuration.backlog = .seconds(1)
        let microphone = try Microphone(configuration)
        try microphone.start()
        var end: Int64 = 0
        var heard = 0
        var missed: Int64 = 0
        while heard < 480_000 {
            switch try #require(microphone.next(waiting: .seconds(10))) {
            case .sound(let block):
                #expect(block.position == end)
                #expect(block.bytes.count == block.frames * 4)
                end = block.position + Int64(block.frames)
                heard += block.frames
            case .gap(let gap):
                #expect(gap.position == end && gap.frames > 0)
                end = gap.position + gap.frames
                missed += gap.frames
            }
        }
        microphone.stop()
        #expect(end == Int64(heard) + missed)
        #expect(microphone.report.frames >= heard)
        #expect(!microphone.report.isRunning)
    }

    @Test func `What was captured can be taken after the end`() throws {
        let microphone = try Microphone(configuration)
        try microphone.start()
        _ = try #require(microphone.next(waiting: .seconds(10)))
        microphone.stop()
        var left = 0
        while microphone.next(waiting: .zero) != nil { left += 1 }
        #expect(left > 0)
        #expect(microphone.next(waiting: .milliseconds(1)) == nil)
    }

    @Test func `Sound that had no room before the end is told after the last that had`() throws {
        let microphone = try Microphone(configuration)
        try microphone.start()
        while microphone.report.framesWithoutRoom == 0 { usleep(1_000) }
        microphone.stop()
        var last: SoundEvent?
        var heard = 0
        while let event = microphone.next(waiting: .zero) {
            if case .sound(let block) = event { heard += block.frames }
            last = event
        }
        guard case .gap(let gap)? = last else {
            Issue.record("no gap, but \(String(describing: last))")
            return
        }
        #expect(gap.reason == .readerTooSlow)
        #expect(gap.position == Int64(heard))
        #expect(Int(gap.frames) == microphone.report.framesWithoutRoom)
    }

    @Test func `Digital silence is told after five seconds of it`() throws {
        let microphone = try Microphone(configuration)
        #expect(!microphone.report.isSilent)
        try microphone.start()
        var seen: [Bool] = []
        // The device gives sound faster than a card would: five seconds of it are long here by frames, not by time.
        while microphone.report.frames <= 6 * 48_000 {
            let before = microphone.report
            if before.frames <= 5 * 48_000 - 480 { seen.append(before.isSilent) }
            while microphone.next(waiting: .zero) != nil {}
        }
        microphone.stop()
        // Beside a busy machine's other work nobody may have looked in time.
        #expect(!seen.contains(true))
        #expect(microphone.report.isSilent)
    }

    @Test func `A microphone that never started stops`() throws {
        let microphone = try Microphone(configuration)
        microphone.stop()
        #expect(microphone.next(waiting: .zero) == nil)
    }

    @Test(arguments: ["hw:CARD=Nowhere,DEV=0", "hw:31", "no such device"])
    func `A device that is not there is said to be missing`(device: String) {
        let error = #expect(throws: CaptureError.self) {
            _ = try Microphone(MicrophoneConfiguration(device: device))
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.hasPrefix("\(device): no such microphone") == true)
    }
}
