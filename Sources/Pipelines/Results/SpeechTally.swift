import Captions
import Units

/// What is counted of speech: how long after each word it was shown, and what was said.
struct SpeechTally {
    /// From a word's end in the sound until it was shown: an utterance's first, as soon as anything of it was shown.
    private(set) var firstPartial = TimeHistogram()
    /// All committed words.
    private(set) var committed = TimeHistogram()
    /// An utterance's last, when its text was final.
    private(set) var final = TimeHistogram()
    /// The length of all utterances.
    private(set) var speech = Duration.zero
    /// The time spent on inference.
    private(set) var inference = Duration.zero
    /// The length of the sound that was not transcribed.
    private(set) var gaps = Duration.zero
    /// What was said, where that is kept.
    private(set) var text = ""
    private let keepsText: Bool

    /// The present utterance: when anything of it was shown, and the words committed so far.
    private var utterance = -1
    private var firstShown: Duration?
    private var firstWordEnd: Duration?
    private var lastWordEnd: Duration?
    private var start: Duration?

    init(keepsText: Bool) { self.keepsText = keepsText }

    mutating func record(_ result: SpeechResult, latency: Duration?, inference: Duration?) {
        if result.utterance != utterance {
            utterance = result.utterance
            (firstShown, firstWordEnd, lastWordEnd, start) = (nil, nil, nil, nil)
        }
        self.inference += inference ?? .zero
        if let gap = result.gap { gaps += gap.length }
        if keepsText, !result.committed.isEmpty { text += result.committed.text + " " }
        if result.kind != .gap { start = min(start ?? result.start, result.start) }
        if result.kind == .final, let start { speech += result.end - start }
        guard let latency else { return }

        let shown = result.heard + latency
        if firstShown == nil, !(result.committed.isEmpty && result.unconfirmed.isEmpty) { firstShown = shown }
        if firstWordEnd == nil, let first = result.committed.first, let firstShown {
            firstWordEnd = first.end
            firstPartial.record(firstShown - first.end)
        }
        for word in result.committed { committed.record(shown - word.end) }
        lastWordEnd = result.committed.last?.end ?? lastWordEnd
        if result.kind == .final, let lastWordEnd { final.record(shown - lastWordEnd) }
    }
}
