/// Which tokens Whisper may say next.
///
/// Source: openai/whisper, `decoding.py`: `SuppressTokens`, `SuppressBlank` and `ApplyTimestampRules`.
struct WhisperRules {
    /// The weights' marks and lists.
    let network: WhisperManifest.Network
    /// Whether the text has times in it.
    let timestamps: Bool

    /// The latest time, in steps of 20 ms, that a text may begin at: 1 s.
    private static let latestStart = 50

    /// Makes the tokens impossible that may not follow those decoded so far.
    func apply(to logits: Logits, after tokens: [Int]) {
        logits.suppress(network.suppressed)
        if tokens.isEmpty { logits.suppress(network.suppressedAtStart) }
        guard timestamps else { return }
        applyTimes(to: logits, after: tokens)
    }

    private func applyTimes(to logits: Logits, after tokens: [Int]) {
        let first = network.tokens.firstTimestamp
        let times = first..<logits.scores.count
        logits.suppress(CollectionOfOne(network.tokens.noTimestamps))
        guard let last = tokens.last else {
            logits.suppress(0..<first)
            logits.suppress(min(first + Self.latestStart + 1, times.upperBound)..<times.upperBound)
            return
        }
        // Times come in pairs, an end and the next beginning; the first time and the last, before the end, stand alone.
        let isAfterTime = last >= first
        let isAfterPair = isAfterTime && (tokens.count < 2 || tokens[tokens.count - 2] >= first)
        if isAfterPair {
            logits.suppress(times)
        } else if isAfterTime {
            logits.suppress(0..<network.tokens.end)
        }
        // Time does not go back, and a segment is not empty.
        if let latest = tokens.last(where: { $0 >= first }) {
            logits.suppress(first..<(isAfterTime && !isAfterPair ? latest : latest + 1))
        }
        // Where some time is likelier than any one word, it is time for a time.
        if logits.logSum(in: times) > logits.highest(in: 0..<first) { logits.suppress(0..<first) }
    }
}
