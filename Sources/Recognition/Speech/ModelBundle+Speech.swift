extension ModelBundle {
    /// Loads the speech recognizer that the bundle holds, whichever kind it is.
    ///
    /// - Parameters:
    ///   - runtime: The engine.
    ///   - options: How the graphs are run.
    /// - Throws: `.kindUnsupported` for bundles that recognize no speech, and what the recognizers' initializers throw.
    public func speechRecognizer(
        runtime: OnnxRuntime, options: SessionOptions
    ) throws(RecognitionError) -> any SpeechRecognizer {
        if manifest.whisper != nil { return try WhisperRecognizer(bundle: self, runtime: runtime, options: options) }
        if manifest.moonshine != nil {
            return try MoonshineRecognizer(bundle: self, runtime: runtime, options: options)
        }
        throw RecognitionError(
            .kindUnsupported,
            "\(directory): is a bundle of kind \"\(manifest.kind)\"; speech is recognized by kinds "
                + "\"\(ModelManifest.Kind.whisper)\" and \"\(ModelManifest.Kind.moonshine)\".")
    }

    /// What only the manifest of one kind says, for what runs that kind alone.
    ///
    /// - Throws: `.kindUnsupported` for bundles of another kind.
    func manifest<Specific>(
        _ specific: KeyPath<ModelManifest, Specific?>, of kind: ModelManifest.Kind
    ) throws(RecognitionError) -> Specific {
        guard let found = manifest[keyPath: specific] else {
            throw RecognitionError(
                .kindUnsupported, "\(directory): is a bundle of kind \"\(manifest.kind)\", not \"\(kind)\".")
        }
        return found
    }
}

extension ModelManifest {
    /// How accurate the speech recognizer is; nil where that was not measured, and for bundles that recognize no
    /// speech.
    public var speechAccuracy: SpeechAccuracy? { whisper?.accuracy ?? moonshine?.accuracy }

    /// The languages that the bundle recognizes speech in, by two-letter code, in order; none for bundles that
    /// recognize no speech.
    public var languages: [String] {
        if let languages = whisper?.network.languages, !languages.isEmpty { return languages.keys.sorted() }
        return whisper != nil || moonshine != nil ? ["en"] : []
    }

    /// Whether the bundle recognizes speech in a language, given by its two-letter code.
    public func knows(language: String) -> Bool { languages.contains(language) }
}
