import FoundationEssentials
import Recognition
import Testing

struct ModelBundleTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aBundleTellsItsManifestAndLabels() throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        #expect(bundle.manifest.name == "tiny")
        #expect(bundle.manifest.kind == .classifier)
        #expect(bundle.manifest.origin.package == "none")
        let classifier = try #require(bundle.manifest.classifier)
        #expect(classifier.input.width == 2)
        #expect(classifier.input.crop.margin == 32)
        #expect(classifier.accuracy.top5 == 0.75)
        #expect(bundle.labels == (0..<12).map { "byte \($0)" })
    }

    @Test func aManifestEncodesToWhatItWasDecodedFrom() throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        let encoded = try JSONEncoder().encode(bundle.manifest)
        #expect(try JSONDecoder().decode(ModelManifest.self, from: encoded) == bundle.manifest)
    }

    @Test func aFolderWithoutAManifestIsNoBundle() throws {
        let error = try recognitionError { _ = try ModelBundle(directory: folder.path) }
        #expect(error.code == .bundleMissing)
        #expect(error.message.contains(folder.path))
        #expect(error.message.contains("heed models build"))
    }

    @Test(arguments: [
        ("\"heed-model/1\"", "\"heed-model/2\"", "heed-model/2"),
        ("\"tiny\", \"kind\"", "\"../tiny\", \"kind\"", "name"),
        ("\"graph\": \"model.onnx\"", "\"graph\": \"../model.onnx\"", "graph"),
        ("\"labels\": \"labels.txt\"", "\"labels\": \"other.txt\"", "labels"),
        ("{\"model.onnx\": ", "{\"../model.onnx\": ", "../model.onnx"),
        ("{\"model.onnx\": \"", "{\"model.onnx\": \"Q", "SHA-256"),
        ("[1, 2, 2, 3]", "[1, 2, 2]", "input.shape"),
        ("[1, 2, 2, 3]", "[1, 0, 2, 3]", "input.shape"),
        ("[1, 2, 2, 3]", "[1, 2, 99999999, 3]", "input.shape"),
        ("[1, 2, 2, 3]", "[1, 2, \"2\", 3]", "input.shape.2"),
        ("\"margin\": 32", "\"margin\": -1", "input.crop.margin"),
        ("\"rule\": \"center\"", "\"rule\": \"left\"", "input.crop.rule"),
        ("\"type\": \"uint8\"", "\"type\": \"complex\"", "input.type"),
        ("\"classes\": 12", "\"classes\": 0", "classes"),
        ("[1, 12]", "[1, 13]", "output.shape"),
        ("\"top1\": 0.5", "\"top1\": 1.5", "accuracy.top1"),
        ("\"samples\": 4, ", "", "accuracy.samples"),
        ("\"samples\": 4, ", "\"samples\": 4, \"precisions\": {\"bf16\": 2}, ", "accuracy.precisions.bf16"),
        ("\"samples\": 4, ", "\"samples\": 4, \"precisions\": {\"bf61\": 0.5}, ", "accuracy.precisions"),
        ("\"license\": \"Apache-2.0\",", "", "license"),
        ("\"recipe\": 1,", "\"recipe\": ", "JSON"),
    ])
    func aManifestThatMakesNoSenseIsRefusedByKey(from: String, to: String, key: String) throws {
        var bundle = TinyBundle()
        bundle.edit = { $0.replacing(from, with: to) }
        let path = try bundle.write(into: folder)
        let error = try recognitionError { _ = try ModelBundle(directory: path) }
        #expect(error.code == .manifestInvalid)
        #expect(error.message.contains("\(path)/model.json"))
        #expect(error.message.contains(key))
    }

    @Test func labelsThatAreNotOneAClassAreRefused() throws {
        var bundle = TinyBundle()
        bundle.labels.removeLast()
        let path = try bundle.write(into: folder)
        let error = try recognitionError { _ = try ModelBundle(directory: path) }
        #expect(error.code == .bundleDamaged)
        #expect(error.message.contains("11 labels"))
    }

    @Test func labelsThatAreNotTextAreRefused() throws {
        let path = try TinyBundle().write(into: folder)
        try folder.write([0xFF, 0xFE, 0x0A], to: "tiny/labels.txt")
        let error = try recognitionError { _ = try ModelBundle(directory: path) }
        #expect(error.code == .bundleDamaged)
        #expect(error.message.contains("UTF-8"))
    }

    @Test func anUntouchedBundleVerifies() throws {
        try ModelBundle(directory: try TinyBundle().write(into: folder)).verify()
    }

    @Test func verifyingFindsOneChangedByte() throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        var bytes = TinyGraph().bytes
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: "tiny/model.onnx")
        let error = try recognitionError { try bundle.verify() }
        #expect(error.code == .bundleDamaged)
        #expect(error.message.contains("tiny/model.onnx: has changed"))
    }

    @Test func verifyingFindsAMissingFile() throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        try FileManager.default.removeItem(atPath: bundle.directory + "/model.onnx")
        let error = try recognitionError { try bundle.verify() }
        #expect(error.code == .bundleDamaged)
        #expect(error.message.contains("tiny/model.onnx: cannot be read: No such file"))
    }

    @Test func aBundleMayStateAnotherAccuracyForAPrecision() throws {
        var bundle = TinyBundle()
        bundle.edit = { $0.replacing("\"samples\": 4,", with: "\"samples\": 4, \"precisions\": {\"bf16\": 0.4},") }
        let stated = try ModelBundle(directory: try bundle.write(into: folder)).manifest.classifier?.accuracy
        #expect(stated?.expected(in: .fp32) == 0.5)
        #expect(stated?.expected(in: .bf16) == 0.4)
        let silent = try ModelBundle(directory: try TinyBundle().write(into: folder)).manifest.classifier?.accuracy
        #expect(silent?.expected(in: .bf16) == 0.5)
    }

    @Test func theBundlesOfAFolderComeByNameAndHiddenOnesDoNot() throws {
        for name in ["b", ".half-built", "a"] { try TinyBundle().write(into: folder, as: name) }
        try folder.write("no bundle", to: "notes/readme.txt")
        #expect(try ModelBundle.all(in: folder.path).map(\.name) == ["a", "b"])
    }

    @Test func aDamagedBundleStandsInNobodysWay() throws {
        try TinyBundle().write(into: folder)
        try folder.write("{", to: "damaged/model.json")
        let all = try ModelBundle.all(in: folder.path)
        #expect(all.map(\.name) == ["damaged", "tiny"])
        #expect(throws: RecognitionError.self) { try all[0].bundle.get() }
        #expect(throws: Never.self) { try all[1].bundle.get() }
    }

    @Test func aCopyOfABundleUnderAnotherNameIsRefused() throws {
        let tiny = try TinyBundle().write(into: folder)
        try FileManager.default.moveItem(atPath: tiny, toPath: folder.path + "/copy")
        let found = try #require(try ModelBundle.all(in: folder.path).first)
        let error = try recognitionError { _ = try found.bundle.get() }
        #expect(error.code == .manifestInvalid)
        #expect(error.message.contains("copy"))
    }

    @Test func aMissingFolderOfBundlesIsAnError() throws {
        let error = try recognitionError { _ = try ModelBundle.all(in: folder.path + "/none") }
        #expect(error.code == .bundleMissing)
        #expect(error.message.contains(folder.path + "/none"))
    }

    @Test func aBundleOfAnUnknownKindIsListedAndVerified() throws {
        var bundle = TinyBundle()
        bundle.edit = {
            $0.replacing("\"classifier\"", with: "\"detector\"").replacing("\"classes\": 12,", with: "\"layers\": 4,")
        }
        try bundle.write(into: folder)
        let listed = try #require(try ModelBundle.all(in: folder.path).first).bundle.get()
        #expect(listed.manifest.kind.rawValue == "detector")
        #expect(listed.manifest.classifier == nil)
        try listed.verify()
    }
}
