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
        configuration.backlog = .milliseconds(200)
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

/// Counts the objects a process makes, through the hook that the Swift runtime keeps for instruments.
private enum ObjectCounter {
    typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

    // Set before the counting begins; the count is read after its end.
    nonisolated(unsafe) static var original: Allocate?
    nonisolated(unsafe) static var objects = 0

    /// The number of objects that all threads make during `body`; nil when this runtime has no such hook.
    static func count(_ body: () -> Void) -> Int? {
        let process = dlopen(nil, RTLD_NOW)
        let switchName = "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly"
        guard let hook = dlsym(process, "_swift_allocObject")?.assumingMemoryBound(to: Allocate.self),
            let enabled = dlsym(process, switchName)?.assumingMemoryBound(to: Bool.self)
        else { return nil }
        original = hook.pointee
        objects = 0
        hook.pointee = { metadata, size, alignment in
            ObjectCounter.objects += 1
            return ObjectCounter.original?(metadata, size, alignment)
        }
        enabled.pointee = true
        body()
        enabled.pointee = false
        return objects
    }
}

struct MicrophoneAllocationTests {
    @Test func `The capturing thread makes no objects`() async {
        await #expect(processExitsWith: .success) {
            let (stream, setting) = try OpenMicrophone.open(MicrophoneConfiguration(device: "null"))
            let loop = try MicrophoneLoop(MicrophoneConfiguration(device: "null"), stream: stream, setting: setting)
            let thread = try CaptureThread(name: "heed-sound") { loop.run() }
            // Until it has begun, and with the ring full by turns, so that gaps are told too.
            var taken = 0
            while taken < 2_000 { if loop.ring.take({ _, _ in true }) != nil { taken += 1 } else { usleep(1_000) } }
            let objects = ObjectCounter.count {
                taken = 0
                while taken < 100_000 {
                    if loop.ring.take({ _, _ in true }) != nil { taken += 1 }
                    if taken % 10_000 == 0 { usleep(20_000) }
                }
            }
            loop.stopping.ring()
            thread.join()
            #expect(objects == 0)
            #expect(loop.counters.report.framesWithoutRoom > 0)
        }
    }
}
