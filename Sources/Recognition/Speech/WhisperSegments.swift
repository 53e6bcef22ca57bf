/// Splits what Whisper decoded at its time tokens.
struct WhisperSegments {
    let network: WhisperManifest.Network
    let vocabulary: Vocabulary
    /// How long the sound is; no segment ends after it.
    let duration: Duration

    /// The segments that have words; the last ends with the sound where it has no time of its own.
    func segments(of tokens: [Int]) -> [Transcription.Segment] {
        var segments: [Transcription.Segment] = []
        var start: Duration = .zero
        var words: [Int] = []
        func close(at end: Duration) {
            let text = vocabulary.text(of: words)
            if !text.isEmpty { segments.append(.init(text: text, start: min(start, end), end: end, tokens: words)) }
            words = []
        }
        for token in tokens {
            if token >= network.tokens.firstTimestamp {
                let time = min(.milliseconds(20 * (token - network.tokens.firstTimestamp)), duration)
                close(at: time)
                start = time
            } else if token < network.tokens.end {
                words.append(token)
            }
        }
        close(at: duration)
        return segments
    }
}
