import Foundation
import Media
import Recordings
import Testing
import Units

/// Files that have no sound, or not all of it, or say so falsely.
@Suite(.enabled(if: FFmpegProgram.isThere, FFmpegProgram.skipped))
struct BadAudioTests {
    @Test func aVideoWithoutSoundSaysWhatItHas() throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run("\(FFmpegProgram.steps(2)) -c:v ffv1 v.mkv", in: folder)
        let error = soundError(folder.path("v.mkv"))
        #expect(error?.code == .noSound)
        #expect(error?.message.contains("v.mkv: has no sound, only video") == true, "\(String(describing: error))")
    }

    @Test func whatIsNoSoundFileIsRefusedByItsName() throws {
        let folder = try TemporaryFolder()
        #expect(soundError(folder.path("none.wav"))?.code == .notFound)
        #expect(soundError(try folder.write("", to: "empty.wav"))?.code == .empty)
        #expect(soundError(folder.path)?.code == .noSound)
        #expect(soundError("/dev/zero")?.code == .noSound)
        let text = soundError(try folder.write(String(repeating: "Some words.\n", count: 500), to: "notes.txt"))
        #expect(text?.code == .noSound)
        #expect(text?.message.contains("notes.txt") == true)
    }

    @Test func aHeaderWithoutSamplesIsEmpty() throws {
        let folder = try TemporaryFolder()
        #expect(soundError(try folder.write(WAV.float([]), to: "a.wav"))?.code == .empty)
    }

    @Test(arguments: ["wav", "flac", "mp3", "mkv", "m4a"])
    func aTruncatedFileGivesItsGoodPartAndThenAnError(_ ending: String) throws {
        let folder = try TemporaryFolder()
        let options = ending == "m4a" ? "-movflags +faststart" : ""
        try FFmpegProgram.run("-f lavfi -i anoisesrc=d=6:a=0.3:r=16000 \(options) whole.\(ending)", in: folder)
        let whole = try folder.read("whole.\(ending)")
        let path = try folder.write(whole.prefix(whole.count / 2), to: "cut.\(ending)")
        let recording = try AudioRecording.open(path)
        let sound = Sound(recording)
        #expect(sound.error?.code == .truncated, "\(String(describing: sound.error))")
        #expect(sound.error?.message.contains("cut.\(ending)") == true)
        #expect(abs(Double(sound.samples.count) / 16_000 - 3) < 0.6, "\(sound.samples.count)")
        #expect(try recording.next() == nil)
    }

    @Test func aWAVWhoseSoundIsLongerThanItsChunkSaysIsReadToItsEnd() throws {
        let folder = try TemporaryFolder()
        var file = WAV.float([Float](repeating: 0.1, count: 32_000))
        // The file's size is right, the sound's says half a second.
        file.replaceSubrange(40..<44, with: withUnsafeBytes(of: UInt32(32_000).littleEndian) { Data($0) })
        let sound = Sound(try AudioRecording.open(try folder.write(file, to: "a.wav")))
        #expect(sound.error == nil)
        #expect(sound.samples.count == 32_000)
    }

    @Test func aChunkAfterTheSoundIsNoSound() throws {
        let folder = try TemporaryFolder()
        var file = WAV.float([Float](repeating: 0.1, count: 32_000))
        file.append(contentsOf: "LIST".utf8)
        file.append(contentsOf: withUnsafeBytes(of: UInt32(64).littleEndian) { Data($0) } + Data(count: 64))
        file.replaceSubrange(4..<8, with: withUnsafeBytes(of: UInt32(file.count - 8).littleEndian) { Data($0) })
        let sound = Sound(try AudioRecording.open(try folder.write(file, to: "a.wav")))
        #expect(sound.samples.count == 32_000)
    }

    @Test func aWAVWhoseHeaderSaysTooLittleIsReadToItsEnd() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(WAV.float([Float](repeating: 0.1, count: 32_000), claiming: 8_000), to: "a.wav")
        let sound = Sound(try AudioRecording.open(path))
        #expect(sound.samples.count == 32_000)
        #expect(sound.error == nil)
    }

    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32])
    func aWAVThatWasNeverFinishedEndsWhereItEnds(_ size: UInt32) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            WAV.float([Float](repeating: 0.1, count: 32_000), claimingBytes: size), to: "live.wav")
        let recording = try AudioRecording.open(path)
        let sound = Sound(recording)
        #expect(sound.samples.count == 32_000)
        #expect(sound.error == nil)
        let duration = try #require(recording.info.duration)
        #expect(duration < .milliseconds(2_100))
    }

    @Test func ratesAndChannelsThatNoSoundHasAreRefused() throws {
        let folder = try TemporaryFolder()
        for (rate, channels) in [(1, 1), (4_000_000_000, 1), (16_000, 0)] as [(UInt32, UInt16)] {
            let path = try folder.write(
                WAV.float([Float](repeating: 0, count: 4_000), rate: rate, channels: channels), to: "a.wav")
            let error = soundError(path)
            #expect(error != nil)
            #expect(error?.message.contains("a.wav") == true)
        }
    }

    /// Flips bytes all over a file: reading ends in sound and errors, never in a crash or a loop.
    @Test(arguments: ["wav", "flac", "mp3", "opus", "mp4"])
    func randomDamageEndsInSoundOrErrors(_ ending: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegProgram.run(
            "-f lavfi -i anoisesrc=d=1:a=0.3:r=16000 -c:a \(codec(ending)) whole.\(ending)", in: folder)
        let whole = try folder.read("whole.\(ending)")
        for seed in 0..<25 {
            var random = SeededGenerator(seed: UInt64(seed))
            var data = whole
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let recording = try? AudioRecording.open(try folder.write(data, to: "damaged.\(ending)")) else {
                continue
            }
            let sound = Sound(recording, limit: 1_000)
            #expect(sound.blocks.count < 1_000)
            #expect(sound.samples.allSatisfy { $0.magnitude <= 1 })
            #expect(zip(sound.blocks, sound.blocks.dropFirst()).allSatisfy { $0.end <= $1.position })
        }
    }

    private func codec(_ ending: String) -> String {
        ["wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "opus": "libopus", "mp4": "aac"][ending] ?? ""
    }
}
