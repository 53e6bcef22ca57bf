import Media
import Units

/// Where an ``AudioRecording`` has its sound from.
protocol AudioSource: AnyObject {
    var info: AudioInfo { get }
    var damage: AudioDamage { get }

    /// The next block; nil at the end.
    func next() throws(RecordingError) -> AudioBlock?
}

/// Gives the sound of heed's recordings as it was given when they were made: by the same converter.
final class RecordedAudioReader: AudioSource {
    let info: AudioInfo
    private let recording: SoundRecording
    private let converter: SoundConverter
    /// Blocks that are ready, the next one last.
    private var ready: [AudioBlock] = []
    private var isFinished = false

    var damage: AudioDamage {
        var damage = recording.damage
        damage.samples = converter.damagedSamples
        return damage
    }

    init(_ recording: SoundRecording, info: AudioInfo) {
        self.recording = recording
        self.info = info
        converter = SoundConverter(format: recording.format, origin: recording.origin)
    }

    func next() throws(RecordingError) -> AudioBlock? {
        while ready.isEmpty, !isFinished {
            do {
                switch try recording.next() {
                case .sound(let block, let arrived): ready = try converter.append(block, arrived: arrived).reversed()
                case .gap(let gap, _): ready = try converter.append(gap).reversed()
                case nil:
                    isFinished = true
                    ready = try converter.finish().reversed()
                }
            } catch {
                throw RecordingError(
                    error.code, error.message.hasPrefix(info.path) ? error.message : "\(info.path): \(error.message)")
            }
        }
        return ready.popLast()
    }
}
