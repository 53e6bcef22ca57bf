/// One try at a text, and how good it is.
struct WhisperText {
    var temperature: Double
    var tokens: [Int] = []
    var text = ""
    var isCut = true
    /// The sum over the tokens and the end.
    var logProbability = 0.0
    var noSpeechProbability = 0.0
    var compressionRatio = 0.0

    init(temperature: Double) { self.temperature = temperature }

    /// The mean over the tokens and the end.
    var averageLogProbability: Double { logProbability / Double(tokens.count + 1) }

    /// Whether a higher temperature is not worth trying.
    ///
    /// Source: openai/whisper, `transcribe.py`, `decode_with_fallback`.
    func isGoodEnough(_ options: TranscriptionOptions) -> Bool {
        if compressionRatio > options.compressionRatioLimit { return false }
        // What is improbable because nobody speaks stays so.
        return averageLogProbability >= options.logProbabilityLimit || noSpeechProbability > options.noSpeechLimit
    }
}
