/// The tokens that Whisper starts from: what was said before, the language and the task.
struct WhisperPrompt {
    /// The tokens.
    var tokens: [Int]
    /// The place of the mark that a transcription starts with; what comes after it tells whether there is speech.
    var start: Int
    /// The most tokens to decode.
    var maximumTokens: Int

    /// - Throws: `.languageUnknown`.
    init(
        _ network: WhisperManifest.Network, options: TranscriptionOptions, capacity: Int, recognizer: String
    ) throws(RecognitionError) {
        // Half of the decoder's places are for the prompt, the other half for the text.
        let earlier = options.promptTokens.filter { (0..<network.tokens.end).contains($0) }.suffix(capacity / 2 - 8)
        tokens = earlier.isEmpty ? [] : [network.tokens.previous] + earlier
        start = tokens.count
        tokens.append(network.tokens.start)
        if network.languages.isEmpty {
            guard options.language == "en" else {
                throw RecognitionError(
                    .languageUnknown,
                    "\(recognizer): knows English only, not \"\(options.language)\". Choose weights without \".en\".")
            }
        } else {
            guard let language = network.languages[options.language] else {
                throw RecognitionError(
                    .languageUnknown,
                    "\(recognizer): \"\(options.language)\" is none of its languages: "
                        + "\(network.languages.keys.sorted().joined(separator: ", ")).")
            }
            tokens += [language, network.tokens.transcribe]
        }
        if !options.timestamps { tokens.append(network.tokens.noTimestamps) }
        maximumTokens = max(1, min(options.exactTokens ?? options.maximumTokens, capacity / 2, capacity - tokens.count))
    }
}
