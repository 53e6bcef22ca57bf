import Testing

@testable import Recognition

@Suite(
    .serialized,
    .enabled(if: Installed.hasRuntime, Installed.noRuntime),
    .enabled(if: !Speech.recognizers.isEmpty, Speech.none))
struct SpeechRecognizerTests {
    private func load(_ bundle: ModelBundle, threads: Int = 2) throws -> any SpeechRecognizer {
        try bundle.speechRecognizer(runtime: try OnnxRuntime.load(), options: SessionOptions(threads: threads))
    }

    private func options(_ change: (inout TranscriptionOptions) -> Void = { _ in }) -> TranscriptionOptions {
        var options = TranscriptionOptions()
        change(&options)
        return options
    }

    @Test(arguments: Speech.recognizers)
    func aBundleIsAsItWasBuilt(bundle: ModelBundle) throws { try bundle.verify() }

    @Test(.enabled(if: Speech.spoken != nil, Speech.noSynthesis), arguments: Speech.recognizers)
    func spokenWordsAreUnderstood(bundle: ModelBundle) throws {
        let spoken = try #require(Speech.spoken)
        let result = try load(bundle).transcribe(spoken)
        #expect(Speech.plain(result.text) == Speech.words)
        #expect(result.averageLogProbability > -0.5)
        #expect(!result.isCut)
        #expect(result.segments.map(\.text).joined(separator: " ") == result.text)
        let ends = try result.segments.map { try #require($0.end) }
        #expect(ends == ends.sorted())
        #expect(try #require(ends.last) <= SpeechAudio.duration(of: spoken.count))
    }

    @Test(.enabled(if: Speech.spoken != nil, Speech.noSynthesis), arguments: Speech.recognizers)
    func theSameSoundGivesTheSameTextWhateverCameBefore(bundle: ModelBundle) throws {
        let spoken = try #require(Speech.spoken)
        let recognizer = try load(bundle)
        let first = try recognizer.transcribe(spoken)
        _ = try recognizer.transcribe(Speech.noise(2), options: options { $0.temperatures = [0] })
        let again = try recognizer.transcribe(spoken)
        #expect(first.tokens == again.tokens)
        #expect(first.averageLogProbability == again.averageLogProbability)
    }

    @Test(arguments: Speech.recognizers)
    func soundOfAnyLengthUpToThirtySecondsIsTaken(bundle: ModelBundle) throws {
        let recognizer = try load(bundle)
        let brief = options {
            $0.temperatures = [0]; $0.maximumTokens = 2
        }
        for samples in [0, 160, 480_000] {
            let result = try recognizer.transcribe(Array(Speech.noise(30).prefix(samples)), options: brief)
            #expect(result.tokenCount <= 2)
        }
    }

    @Test(arguments: Speech.recognizers)
    func soundLongerThanThirtySecondsIsRefused(bundle: ModelBundle) throws {
        let error = try recognitionError { _ = try load(bundle).transcribe(Speech.silence(30.01)) }
        #expect(error.code == .audioInvalid)
        #expect(error.message.contains(bundle.manifest.name))
    }

    @Test(arguments: Speech.recognizers)
    func samplesThatAreNoNumbersAreRefusedByTheirPlace(bundle: ModelBundle) throws {
        let recognizer = try load(bundle)
        for value in [Float.nan, .infinity] {
            var samples = Speech.tone(1)
            samples[123] = value
            let error = try recognitionError { _ = try recognizer.transcribe(samples) }
            #expect(error.code == .audioInvalid)
            #expect(error.message.contains("sample 123"))
        }
    }

    @Test(arguments: Speech.recognizers)
    func aTextThatDoesNotEndIsCut(bundle: ModelBundle) throws {
        let result = try load(bundle).transcribe(
            Speech.spoken ?? Speech.noise(5),
            options: options {
                $0.maximumTokens = 3; $0.temperatures = [0]
            })
        #expect(result.isCut)
        #expect(result.tokenCount == 3)
    }

    @Test(arguments: Speech.recognizers)
    func aLanguageThatIsNotKnownIsRefused(bundle: ModelBundle) throws {
        let error = try recognitionError {
            _ = try load(bundle).transcribe(Speech.silence(1), options: options { $0.language = "xx" })
        }
        #expect(error.code == .languageUnknown)
    }

    @Test(.enabled(if: !Speech.whispers.isEmpty, Speech.none), arguments: Speech.whispers)
    func whisperTellsThatNobodySpeaks(bundle: ModelBundle) throws {
        let recognizer = try load(bundle)
        let silent = try #require(try recognizer.transcribe(Speech.silence(3)).noSpeechProbability)
        #expect(silent > 0.5)
        guard let spoken = Speech.spoken else { return }
        #expect(try #require(try recognizer.transcribe(spoken).noSpeechProbability) < 0.2)
    }

    @Test(
        .enabled(if: !Speech.whispers.isEmpty, Speech.none), .enabled(if: Speech.spoken != nil, Speech.noSynthesis),
        arguments: Speech.whispers)
    func whisperUnderstandsWithoutTimesAndInAShorterWindow(bundle: ModelBundle) throws {
        let spoken = try #require(Speech.spoken)
        let recognizer = try load(bundle)
        for change: (inout TranscriptionOptions) -> Void in [{ $0.timestamps = false }, { $0.window = .seconds(15) }] {
            let result = try recognizer.transcribe(spoken, options: options(change))
            #expect(Speech.plain(result.text) == Speech.words)
        }
    }

    @Test(.enabled(if: !Speech.whispers.isEmpty, Speech.none), arguments: Speech.whispers)
    func chanceIsTheSameForTheSameSeed(bundle: ModelBundle) throws {
        let recognizer = try load(bundle)
        let chance = options {
            $0.temperatures = [1]; $0.seed = 4; $0.maximumTokens = 12
        }
        let first = try recognizer.transcribe(Speech.noise(1), options: chance)
        #expect(try recognizer.transcribe(Speech.noise(1), options: chance).tokens == first.tokens)
        #expect(first.temperature == 1)
    }

    @Test(.enabled(if: !Speech.whispers.isEmpty, Speech.none), arguments: Speech.whispers)
    func aTextIsDecodedAgainAtRisingTemperaturesUntilItIsGoodEnough(bundle: ModelBundle) throws {
        let recognizer = try load(bundle)
        let strict = options {
            $0.logProbabilityLimit = 1
            $0.noSpeechLimit = 2
            $0.temperatures = [0, 0.5, 0.9]
            $0.maximumTokens = 4
        }
        #expect(try recognizer.transcribe(Speech.tone(1), options: strict).temperature == 0.9)
        let lenient = options {
            $0.logProbabilityLimit = -100
            $0.compressionRatioLimit = 100
        }
        #expect(try recognizer.transcribe(Speech.tone(1), options: lenient).temperature == 0)
    }

    @Test func aBundleOfAnotherKindIsRefused() throws {
        let folder = try TemporaryFolder()
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        let runtime = try OnnxRuntime.load()
        for body in [
            { _ = try bundle.speechRecognizer(runtime: runtime, options: SessionOptions(threads: 1)) },
            { _ = try WhisperRecognizer(bundle: bundle, runtime: runtime, options: SessionOptions(threads: 1)) },
            { _ = try MoonshineRecognizer(bundle: bundle, runtime: runtime, options: SessionOptions(threads: 1)) },
            { _ = try VoiceActivityDetector(bundle: bundle, runtime: runtime) },
        ] as [() throws -> Void] {
            #expect(try recognitionError(body).code == .kindUnsupported)
        }
    }
}
