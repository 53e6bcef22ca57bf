import Foundation
import Media
import Recordings
import Testing

/// All the sound that a recording gives, and the error at its end, if any.
struct Sound {
    var blocks: [AudioBlock] = []
    var error: RecordingError?

    init(_ recording: AudioRecording, limit: Int = .max) {
        do {
            while blocks.count < limit, let block = try recording.next() { blocks.append(block) }
        } catch {
            self.error = error
        }
    }

    var samples: [Float] { blocks.flatMap(\.samples) }

    /// Where the position jumps, in seconds.
    var gaps: [(start: Double, end: Double)] {
        zip(blocks, blocks.dropFirst()).filter { $0.end != $1.position }.map {
            ($0.end / .seconds(1), $1.position / .seconds(1))
        }
    }
}

/// The error that opening a file's sound throws.
func soundError(_ path: String, at location: SourceLocation = #_sourceLocation) -> RecordingError? {
    do {
        _ = try AudioRecording.open(path)
        Issue.record("opening \(path) did not fail", sourceLocation: location)
        return nil
    } catch {
        return error
    }
}

/// WAV files as no encoder writes them.
enum WAV {
    /// A file of 32-bit floats; its header may claim another count of samples, or a size that is none.
    static func float(
        _ samples: [Float], rate: UInt32 = 16_000, channels: UInt16 = 1, claiming count: Int? = nil,
        claimingBytes: UInt32? = nil
    ) -> Data {
        let size = claimingBytes ?? UInt32((count ?? samples.count) * 4)
        var data = Data("RIFF".utf8)
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        add(claimingBytes ?? size + 36)
        data.append(contentsOf: "WAVEfmt ".utf8)
        add(UInt32(16))
        add(UInt16(3))
        add(channels)
        add(rate)
        add(rate &* UInt32(channels) &* 4)
        add(channels &* 4)
        add(UInt16(32))
        data.append(contentsOf: "data".utf8)
        add(size)
        for sample in samples { add(sample.bitPattern) }
        return data
    }
}
