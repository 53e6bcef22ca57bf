import FoundationEssentials
import Media
import Units

@testable import CaptureSound

/// Random numbers that are the same in each run.
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A card whose crystal is off, and which stamps a period too late by up to `jitter`.
struct Card {
    var nominalRate = 48_000.0
    var partsPerMillion = 0.0
    var jitter = 0.0
    var start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    var generator = Generator(seed: 1)

    /// When so many samples had been captured.
    func time(of sample: Int64) -> MonotonicTime {
        start + .nanoseconds(Int64(Double(sample) / (nominalRate * (1 + partsPerMillion * 1e-6)) * 1e9))
    }

    /// What it says about that.
    mutating func stamp(of sample: Int64) -> MonotonicTime {
        time(of: sample) + .seconds(jitter > 0 ? Double.random(in: 0..<jitter, using: &generator) : 0)
    }
}

extension MonotonicTime {
    init(seconds: Double) { self.init(nanoseconds: Int64(seconds * 1e9)) }
}

/// A copy of the files in which a kernel describes sound cards, in a folder that goes away with its owner.
final class SoundTree {
    let root: String

    init(_ files: [String: String]) throws {
        root = FileManager.default.temporaryDirectory.path + "/heed-sound-" + UUID().uuidString
        for (path, text) in files {
            let file = URL(filePath: root + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var machine: KernelTree { KernelTree(root: root) }
    var microphones: [MicrophoneDescription] { Microphones.all(on: machine) }
}
