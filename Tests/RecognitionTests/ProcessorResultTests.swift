import Testing

@testable import Recognition

/// Other processors than the CPU recognise what the CPU does.
@Suite(.serialized, .enabled(if: Installed.hasRuntime, Installed.noRuntime))
struct ProcessorResultTests {
    private func classifier(_ bundle: ModelBundle, _ options: SessionOptions) throws -> ImageClassifier {
        try ImageClassifier(bundle: bundle, runtime: try OnnxRuntime.load(), options: options)
    }

    private func compare(
        _ name: String, _ options: SessionOptions, _ body: (_ cpu: [Float], _ other: [Float]) -> Void
    ) throws {
        let bundle = try #require(Installed.bundle(name))
        let cpu = try classifier(bundle, SessionOptions(threads: 1))
        let other = try classifier(bundle, options)
        for picture in try DemoPictures.frames(for: cpu) {
            body(try cpu.scores(of: picture), try other.scores(of: picture))
        }
    }

    @Test(
        .enabled(if: Installed.has(.openvino), Installed.noOpenVINO),
        .enabled(if: DemoPictures.areThere, DemoPictures.missing),
        .enabled(if: Installed.bundle("efficientnet-lite0-fp32") != nil, Installed.noBundles), arguments: [1, 2])
    func openVINOsScoresAreTheCPUs(threads: Int) throws {
        try compare("efficientnet-lite0-fp32", SessionOptions(processor: .openvino, threads: threads)) { cpu, other in
            #expect(cpu.best == other.best)
            #expect(cpu.largestDifference(from: other) < 1e-3)
        }
    }

    @Test(
        .enabled(if: Installed.has(.openvino, .bf16), Installed.noBfloat16),
        .enabled(if: DemoPictures.areThere, DemoPictures.missing),
        .enabled(if: Installed.bundle("efficientnet-lite0-fp32") != nil, Installed.noBundles))
    func bfloat16FindsTheSameClasses() throws {
        var differs = false
        try compare(
            "efficientnet-lite0-fp32", SessionOptions(processor: .openvino, precision: .bf16, threads: 1)
        ) { cpu, other in
            #expect(cpu.best == other.best)
            differs = differs || cpu.largestDifference(from: other) > 1e-5
        }
        #expect(differs, "these are fp32's scores")
    }

    @Test(.enabled(if: Installed.has(.openvino), Installed.noOpenVINO))
    func aGraphThatIsDamagedIsTheModelsFault() throws {
        let folder = try TemporaryFolder()
        try folder.write("no graph", to: "model.onnx")
        let error = try recognitionError {
            _ = try Session(
                path: folder.path + "/model.onnx", options: SessionOptions(processor: .openvino, threads: 1),
                runtime: try OnnxRuntime.load())
        }
        #expect(error.code == .modelUnreadable)
    }

    @Test(.enabled(if: Installed.has(.openvino), Installed.noOpenVINO))
    func openVINOLacksFp16Here() throws {
        let folder = try TemporaryFolder()
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        let error = try recognitionError {
            _ = try classifier(bundle, SessionOptions(processor: .openvino, precision: .fp16, threads: 1))
        }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("has no instructions for fp16"))
    }

    @Test(
        .enabled(if: Installed.has(.openvino, .bf16), Installed.noBfloat16),
        .enabled(if: Speech.spoken != nil, Speech.noSynthesis),
        .enabled(if: Installed.bundle("whisper-tiny.en-fp32") != nil, Speech.none))
    func whisperUnderstandsTheSameWordsInBfloat16() throws {
        let bundle = try #require(Installed.bundle("whisper-tiny.en-fp32"))
        let spoken = try #require(Speech.spoken)
        let recognizer = try bundle.speechRecognizer(
            runtime: try OnnxRuntime.load(),
            options: SessionOptions(processor: .openvino, precision: .bf16, threads: 2))
        #expect(Speech.plain(try recognizer.transcribe(spoken).text) == Speech.words)
        _ = try recognizer.transcribe(Speech.noise(1))  // another length of sound
        #expect(Speech.plain(try recognizer.transcribe(spoken).text) == Speech.words)
    }

    @Test(
        .enabled(if: Installed.has(.openvino), Installed.noOpenVINO),
        .enabled(if: Installed.bundle("whisper-tiny.en-fp32") != nil, Speech.none))
    func whisperRunsWithOpenVINOAtAnyLengthOfWindow() throws {
        let bundle = try #require(Installed.bundle("whisper-tiny.en-fp32"))
        let recognizer = try bundle.speechRecognizer(
            runtime: try OnnxRuntime.load(), options: SessionOptions(processor: .openvino, threads: 2))
        var options = TranscriptionOptions()
        options.temperatures = [0]
        for hundredths in stride(from: 500, through: 1500, by: 50) {
            options.window = .milliseconds(hundredths * 10)
            _ = try recognizer.transcribe(Speech.noise(1), options: options)
        }
    }

    @Test(
        .enabled(if: Installed.has(.openvino), Installed.noOpenVINO),
        .enabled(if: Speech.spoken != nil, Speech.noSynthesis),
        .enabled(if: Installed.bundle("moonshine-tiny") != nil, Speech.none))
    func moonshineUnderstandsTheSameWordsWithOpenVINO() throws {
        let bundle = try #require(Installed.bundle("moonshine-tiny"))
        let recognizer = try bundle.speechRecognizer(
            runtime: try OnnxRuntime.load(), options: SessionOptions(processor: .openvino, threads: 2))
        #expect(Speech.plain(try recognizer.transcribe(try #require(Speech.spoken)).text) == Speech.words)
    }
}

/// The WebGPU processor; on a software driver a picture takes seconds.
@Suite(
    .serialized, .enabled(if: Installed.hasRuntime, Installed.noRuntime),
    .enabled(if: Installed.has(.webgpu), Installed.noWebGPU))
struct WebGPUResultTests {
    private func classifier(_ name: String, _ processor: Processor) throws -> ImageClassifier {
        try ImageClassifier(
            bundle: try #require(Installed.bundle(name)), runtime: try OnnxRuntime.load(),
            options: SessionOptions(processor: processor, threads: 1))
    }

    @Test(
        .enabled(if: DemoPictures.areThere, DemoPictures.missing),
        .enabled(if: Installed.bundle("efficientnet-lite0-fp32") != nil, Installed.noBundles))
    func theScoresAreTheCPUs() throws {
        let cpu = try classifier("efficientnet-lite0-fp32", .cpu)
        let gpu = try classifier("efficientnet-lite0-fp32", .webgpu)
        for picture in try DemoPictures.frames(for: cpu) {
            let (expected, found) = (try cpu.scores(of: picture), try gpu.scores(of: picture))
            #expect(expected.best == found.best)
            #expect(expected.largestDifference(from: found) < 1e-2)
        }
    }

    @Test(.enabled(if: Installed.bundle("efficientnet-lite0-int8") != nil, Installed.noBundles))
    func aGraphThatWouldRunOnTheCPUInPartIsRefused() throws {
        let error = try recognitionError { _ = try classifier("efficientnet-lite0-int8", .webgpu) }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("QuantizeLinear"))
    }

    @Test(.enabled(if: Installed.bundle("whisper-tiny.en-fp32") != nil, Speech.none))
    func whispersEncoderStartsAlthoughShapesAreComputedOnTheCPU() throws {
        _ = try Session(
            path: "\(DataFolder.models)/whisper-tiny.en-fp32/encoder.onnx",
            options: SessionOptions(processor: .webgpu, threads: 1), runtime: try OnnxRuntime.load())
    }
}
