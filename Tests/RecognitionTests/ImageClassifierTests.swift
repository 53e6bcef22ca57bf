import Recognition
import Testing

@Suite(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
struct ImageClassifierTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func classifier(_ bundle: TinyBundle = TinyBundle(), threads: Int = 1) throws -> ImageClassifier {
        try ImageClassifier(
            bundle: try ModelBundle(directory: try bundle.write(into: folder)), runtime: try OnnxRuntime.load(),
            options: SessionOptions(threads: threads))
    }

    @Test func thePictureHasTheManifestsSize() throws {
        let classifier = try classifier()
        #expect(classifier.width == 2)
        #expect(classifier.height == 2)
        #expect(classifier.input.count == 12)
    }

    @Test(arguments: [1, 2])
    func theScoresAreThoseOfTheGraph(threads: Int) throws {
        let classifier = try classifier(threads: threads)
        classifier.input[7] = 2
        classifier.input[3] = 1
        try classifier.run()
        let top = classifier.top(3)
        #expect(top.map(\.classIndex) == [7, 3, 0])
        #expect(top.map(\.label) == ["byte 7", "byte 3", "byte 0"])
        // Soft-max of one 2, one 1 and ten 0.
        #expect(abs(top[0].score - 0.367_5) < 1e-3)
        #expect(abs(top[1].score / top[2].score - 2.718_28) < 1e-3)
    }

    @Test func aRunSeesThePictureAsItIsNow() throws {
        let classifier = try classifier()
        for byte in [4, 9, 0] {
            classifier.input.initializeMemory(as: UInt8.self, repeating: 0)
            classifier.input[byte] = 200
            try classifier.run()
            #expect(classifier.top(1).first?.classIndex == byte)
        }
    }

    @Test func classifiersDoNotDisturbEachOther() throws {
        let one = try classifier()
        let other = try classifier(threads: 2)
        one.input[1] = 9
        other.input[2] = 9
        try one.run()
        try other.run()
        #expect(one.top(1).first?.classIndex == 1)
        #expect(other.top(1).first?.classIndex == 2)
    }

    @Test func classifiersRunAtTheSameTime() async throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        let runtime = try OnnxRuntime.load()
        let answers = try await withThrowingTaskGroup(of: (Int, Set<Int>).self) { group in
            for byte in 0..<4 {
                group.addTask {
                    let classifier = try ImageClassifier(
                        bundle: bundle, runtime: runtime, options: SessionOptions(threads: 1 + byte % 2))
                    classifier.input[byte] = 9
                    let seen = try (0..<200).map { _ in
                        try classifier.run()
                        return classifier.top(1)[0].classIndex
                    }
                    return (byte, Set(seen))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(answers == [0: [0], 1: [1], 2: [2], 3: [3]])
    }

    @Test(arguments: [
        (TinyGraph(inputName: "picture"), "picture uint8 [1, 2, 2, 3]", "image uint8 [1, 2, 2, 3]"),
        (TinyGraph(inputType: 3), "image int8 [1, 2, 2, 3]", "image uint8 [1, 2, 2, 3]"),
        (TinyGraph(shape: [1, 2, 1, 6]), "image uint8 [1, 2, 1, 6]", "image uint8 [1, 2, 2, 3]"),
        (TinyGraph(outputName: "logits"), "logits float32 [1, 12]", "probabilities float32 [1, 12]"),
    ])
    func aGraphUnlikeItsManifestIsRefusedWithBoth(graph: TinyGraph, real: String, expected: String) throws {
        let error = try recognitionError { _ = try classifier(TinyBundle(graph: graph)) }
        #expect(error.code == .modelMismatch)
        #expect(error.message.contains("is \(real); the manifest says \(expected)"))
    }

    @Test func aFileThatIsNoGraphIsRefusedInTheEnginesWords() throws {
        let path = try TinyBundle().write(into: folder)
        try folder.write("no graph", to: "tiny/model.onnx")
        let error = try recognitionError {
            _ = try ImageClassifier(
                bundle: try ModelBundle(directory: path), runtime: try OnnxRuntime.load(),
                options: SessionOptions(threads: 1))
        }
        #expect(error.code == .modelUnreadable)
        #expect(error.message.contains("\(path)/model.onnx: cannot load the graph"))
        #expect(error.message.contains("ONNX Runtime"))
        #expect(error.message.contains("heed models verify"))
        #expect(error.message.contains("rotobuf"))
    }

    @Test func aMissingGraphIsRefused() throws {
        let bundle = TinyBundle(edit: { $0.replacing("model.onnx", with: "absent.onnx") })
        let error = try recognitionError { _ = try classifier(bundle) }
        #expect(error.code == .modelUnreadable)
        #expect(error.message.contains("absent.onnx"))
    }

    @Test func scoresThatAreNoNumbersAreAFailure() throws {
        let classifier = try classifier(TinyBundle(graph: TinyGraph(dividesByItself: true)))
        let error = try recognitionError { try classifier.run() }
        #expect(error.code == .inferenceFailed)
        #expect(error.message.contains("no numbers"))
    }

    @Test func aBundleOfAnotherKindIsRefusedByName() throws {
        let bundle = TinyBundle(edit: { $0.replacing("\"classifier\"", with: "\"detector\"") })
        let error = try recognitionError { _ = try classifier(bundle) }
        #expect(error.code == .kindUnsupported)
        #expect(error.message.contains("detector"))
    }

    @Test func aClassifierWhoseBrakeIsPressedDoesNotAnswerAndDoesSoAgainAfterwards() throws {
        let classifier = try classifier()
        classifier.input[7] = 2
        #expect(try classifier.run())
        let top = classifier.top(3)
        classifier.stages[0].brake.press()
        #expect(try !classifier.run())
        #expect(try !classifier.run())
        classifier.stages[0].brake.release()
        #expect(try classifier.run())
        #expect(classifier.top(3) == top)
    }

    @Test func aRunIsStoppedFromAnotherThread() async throws {
        let classifier = try classifier()
        let brake = classifier.stages[0].brake
        let press = Task.detached { brake.press() }
        while try classifier.run() {}
        await press.value
        #expect(brake.isPressed)
    }
}
