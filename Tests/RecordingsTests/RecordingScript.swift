import Media
import Recordings
import Units

/// A run of a camera and a microphone in which anything may happen, drawn at random.
struct RecordingScript {
    enum Step {
        case frame(CapturedFrame)
        case missing(MissingFrames, arrived: MonotonicTime)
        case sound(SoundRecording.Event)
    }

    let format: SoundFormat
    private(set) var steps: [Step] = []
    /// What came from the camera, and what from the microphone.
    private(set) var frames: [Happening] = []
    private(set) var sound: [SoundRecording.Event] = []

    /// What `ffmpeg` remarks on any PCM in Matroska, which has no word for which channel is where.
    var remark: String {
        guard ![.signed16, .signed24].contains(format.encoding) else { return "" }
        let layout = ["mono", "stereo", "2.1", "4.0"][format.channels - 1]
        return "Guessed Channel Layout for Input Stream #0.1 : \(layout)\n"
    }

    init(origin: MonotonicTime, using random: inout SeededGenerator) {
        let pixels = [PixelFormat.yuyv, .uyvy, .nv12, .gray, .i420].randomElement(using: &random) ?? .yuyv
        let rate = [16_000, 44_100, 48_000].randomElement(using: &random) ?? 48_000
        let encoding = SoundFormat.Encoding.allCases.randomElement(using: &random) ?? .signed16
        let color: ColorEncoding = Bool.random(using: &random) ? .video : .jpeg
        format = SoundFormat(
            rate: rate, channels: Int.random(in: 1...4, using: &random), encoding: encoding)
        var microphone = MicrophoneSimulation(format, drift: Double.random(in: -0.002...0.002, using: &random))
        microphone.start = origin + .nanoseconds(Int64.random(in: 0...100_000_000, using: &random))
        var number = 0
        var now = origin
        for _ in 0..<150 {
            now = now + .nanoseconds(Int64.random(in: 1_000_000...40_000_000, using: &random))
            let captured = now + .nanoseconds(-Int64.random(in: 0...30_000_000, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let frame = CapturedFrame(
                    number: number, captured: captured,
                    timeQuality: [.device, .arrival, .repaired].randomElement(using: &random) ?? .device, arrived: now,
                    frame: .noise(pixels, 32, 24, color: color, using: &random))
                steps.append(.frame(frame))
                frames.append(Happening(frame))
                number += 1
            case 4:
                let missing: MissingFrames
                let count = Int.random(in: 1...9, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: missing = .lost(first: number, count: count, .driver)
                case 1: missing = .damaged(number: number, captured: captured, .flagged)
                case 2: missing = .superseded(number: number, captured: captured)
                case 3: missing = .outage(first: number, count: count, from: captured, to: now)
                default: missing = .uncounted(superseded: count, damaged: 2, lost: 1)
                }
                number += missing.count
                steps.append(.missing(missing, arrived: now))
                frames.append(.missing(missing, arrived: now.nanoseconds))
            case 5:
                let gap = microphone.gap(
                    Int.random(in: 1...5_000, using: &random),
                    SoundGap.Reason.allCases.randomElement(using: &random) ?? .overrun)
                add(.gap(gap, arrived: now))
            default:
                let block = microphone.block(Int.random(in: 100...1_000, using: &random)) { _ in
                    Double.random(in: -1...1, using: &random)
                }
                add(.sound(block, arrived: microphone.time(of: microphone.position)))
            }
        }
    }

    private mutating func add(_ event: SoundRecording.Event) {
        steps.append(.sound(event))
        sound.append(event)
    }
}
