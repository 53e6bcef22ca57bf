import Foundation
import Media
import Recordings
import Testing

/// Real sound files, made by real encoders.
@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct AudioTests {
    @Test(arguments: [
        ("-ar 44100 -ac 2", "a.wav", "pcm_s16le in wav", 44_100, 2),
        ("-ar 16000 -ac 1 -c:a pcm_f32le", "a.wav", "pcm_f32le in wav", 16_000, 1),
        ("-ar 8000 -ac 1 -c:a pcm_mulaw", "a.wav", "pcm_mulaw in wav", 8_000, 1),
        ("-ar 48000 -ac 6", "a.flac", "flac in flac", 48_000, 6),
        ("-ar 44100 -ac 1", "a.mp3", "mp3 in mp3", 44_100, 1),
        ("-ar 48000 -ac 2", "a.opus", "opus in ogg", 48_000, 2),
        ("-ar 48000 -ac 2 -c:a aac", "a.mp4", "aac in mp4", 48_000, 2),
        ("-ar 48000 -ac 2 -c:a aac", "a.ts", "aac in mpegts", 48_000, 2),
        ("-ar 22050 -ac 10 -c:a pcm_s24le", "a.wav", "pcm_s24le in wav", 22_050, 10),
    ])
    func eachFormatGivesTheToneAtItsLoudnessAndLength(
        _ options: String, _ name: String, _ format: String, _ rate: Int, _ channels: Int
    ) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i aevalsrc=0.5*sin(2*PI*440*t)\(String(repeating: "|0.5*sin(2*PI*440*t)", count: channels - 1))"
                + ":d=2:s=48000 \(options) \(name)", in: folder)
        let recording = try AudioRecording.open(folder.path(name))
        #expect(recording.info.format == format)
        #expect(recording.info.sampleRate == rate)
        #expect(recording.info.channels == channels)
        let sound = Sound(recording)
        #expect(sound.error == nil)
        #expect(sound.gaps.isEmpty)
        #expect(abs(Double(sound.samples.count) - 32_000) < 1_000, "\(sound.samples.count)")
        let duration = try #require(recording.info.duration)
        #expect(duration > .milliseconds(1_700) && duration < .milliseconds(2_100))
        let middle = Array(sound.samples[8_000..<24_000])
        // All the power is in the tone, and a sine of 0.5 has a mean square of 0.125; lossy codecs lose a little.
        #expect(abs(power(middle) - 0.125) < 0.015, "\(power(middle))")
        #expect(abs(power(middle, at: 440) - 0.125) < 0.015, "\(power(middle, at: 440))")
        #expect(recording.damage == AudioDamage())
    }

    @Test func blocksFollowEachOtherAndAreShort() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i sine=d=1.03 -ar 11025 a.wav", in: folder)
        let blocks = Sound(try AudioRecording.open(folder.path("a.wav"))).blocks
        #expect(blocks.dropLast().allSatisfy { $0.samples.count == AudioRecording.blockSize })
        #expect(blocks.first?.position == .zero)
        for (block, next) in zip(blocks, blocks.dropFirst()) { #expect(next.position == block.end) }
    }

    @Test func theSoundOfAVideoBeginsWhereTheVideoSaysSo() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i testsrc2=s=64x48:r=10:d=3 -itsoffset 0.7 -f lavfi -i sine=d=1 -c:a pcm_s16le v.mkv", in: folder
        )
        let sound = Sound(try AudioRecording.open(folder.path("v.mkv")))
        let start = try #require(sound.blocks.first?.position)
        #expect(start > .milliseconds(690) && start < .milliseconds(710))
        #expect(sound.samples.count == 16_000)
    }

    @Test func missingSoundIsAJumpOfThePosition() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i sine=d=3:r=16000 -af aselect='not(between(t,1,2))' -c:a pcm_s16le gap.mkv", in: folder)
        let sound = Sound(try AudioRecording.open(folder.path("gap.mkv")))
        let gap = try #require(sound.gaps.first)
        #expect(sound.gaps.count == 1)
        #expect(abs(gap.start - 1) < 0.08 && abs(gap.end - 2) < 0.08, "\(gap)")
        #expect(abs(Double(sound.samples.count) - 32_000) < 1_500)
        #expect(sound.error == nil)
    }

    @Test func aClipOfTenMillisecondsIsThereInFull() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("-f lavfi -i sine=d=0.01:r=16000 a.wav", in: folder)
        #expect(Sound(try AudioRecording.open(folder.path("a.wav"))).samples.count == 160)
    }

    @Test func samplesThatAreNoNumbersAreSilentAndCounted() throws {
        let folder = try TemporaryFolder()
        var samples = (0..<48_000).map { 0.5 * sin(Float($0) * 0.05) }
        samples[100] = .nan
        samples[20_000] = .infinity
        samples[20_001] = -1e30
        let recording = try AudioRecording.open(try folder.write(WAV.float(samples), to: "nan.wav"))
        let sound = Sound(recording)
        #expect(recording.damage.samples == 3)
        #expect(abs(sound.samples.count - 48_000) < 10)
        #expect(sound.samples.allSatisfy { $0.magnitude <= 1 })
        #expect(abs(power(Array(sound.samples[30_000..<40_000])) - 0.125) < 0.01)
    }

    private func power(_ samples: [Float]) -> Double {
        samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    }

    /// The power of the part of the sound that is a tone.
    private func power(_ samples: [Float], at frequency: Double) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let angle = 2 * Double.pi * frequency * Double(index) / 16_000
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
        }
        return 2 * (real * real + imaginary * imaginary) / Double(samples.count * samples.count)
    }
}
