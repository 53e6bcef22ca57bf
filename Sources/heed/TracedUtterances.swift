import Captions
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Traces
import Units

/// The utterances of a recording whose words are known, each as a whole.
final class TracedUtterances: TracedSamples {
    private let speech: SpeechRecognizers
    private let path: String
    private let detector: VoiceActivityDetector
    private var source: UtteranceSource
    /// What is said in each utterance.
    private let said: [[String]]
    private var utterance: (sound: Utterance, said: [String])?
    private var index = 0

    var recognizers: any MeasurableCandidates { speech }
    var count: Int? { said.count }
    let interval: Double? = nil
    let omissions: [String] = []

    /// Hears the whole recording once, to know which words of `reference` belong to which utterance.
    ///
    /// - Parameter candidate: Who hears it; the more accurate, the better.
    init(
        _ path: String, _ speech: SpeechRecognizers, detector: VoiceActivityDetector, reference: String,
        heardBy candidate: Int
    ) throws {
        (self.speech, self.path, self.detector) = (speech, path, detector)
        var heard: [[String]] = []
        let whole = try UtteranceSource(path, detector)
        while let utterance = try whole.next() {
            heard.append(WordNormalization.words(try speech.decode(utterance, with: candidate).text))
        }
        said = ReferencePieces.cut(WordNormalization.words(reference), as: heard)
        source = try UtteranceSource(path, detector)
    }

    func next() throws -> Double? {
        guard let sound = try source.next(), index < said.count else { return nil }
        utterance = (sound, said[index])
        index += 1
        return (sound.end - sound.start) / SpeechRecognizers.unit
    }

    /// Nothing goes before: the sound is what the graph takes.
    func recognize(
        with candidate: Int, idlePower _: Watts, meter: any EnergyMeter
    ) throws -> (preparation: Trace.Preparation, answers: [Trace.Answer]) {
        guard let (sound, said) = utterance else { return (Trace.Preparation(), []) }
        let run = try measured(meter) { try speech.decode(sound, with: candidate) }
        let rate = WordErrorRate(reference: said, transcript: WordNormalization.words(run.value.text))
        let errors = rate.value ?? (rate.errors == 0 ? 0 : 1)
        let answer = Trace.Answer(
            time: run.time, energy: run.energy, quality: max(0, 1 - errors), confidence: run.value.confidence)
        return (Trace.Preparation(), [answer])
    }
}

/// The utterances of a recording, one at a time.
private final class UtteranceSource {
    private let recording: AudioRecording
    private let finder: UtteranceFinder
    private var found: [Utterance] = []
    private var isAtEnd = false

    init(_ path: String, _ detector: VoiceActivityDetector) throws {
        recording = try AudioRecording.open(path)
        finder = UtteranceFinder(detector: detector)
    }

    func next() throws -> Utterance? {
        func take(_ event: UtteranceFinder.Event) { if case .utterance(let sound) = event { found.append(sound) } }
        while found.isEmpty, !isAtEnd {
            if let block = try recording.next() {
                try finder.append(block, take)
            } else {
                isAtEnd = true
                try finder.finish(take)
            }
        }
        return found.isEmpty ? nil : found.removeFirst()
    }
}
