import Recognition
import Testing

struct InstalledModelsTests {
    @Test(.enabled(if: Installed.hasModels, Installed.noBundles))
    func whatIsInstalledCanBeListed() throws {
        #expect(try !ModelBundle.all(in: DataFolder.models).isEmpty)
    }
}

@Suite(
    .enabled(if: Installed.hasRuntime, Installed.noRuntime),
    .enabled(if: !Installed.bundles.isEmpty, Installed.noBundles))
struct InstalledBundleTests {
    @Test(arguments: Installed.bundles)
    func aBundleIsAsItWasBuilt(bundle: ModelBundle) throws {
        try bundle.verify()
    }

    @Test(arguments: Installed.bundles)
    func aModelGivesProbabilitiesThatThreadsDoNotChange(bundle: ModelBundle) throws {
        let runtime = try OnnxRuntime.load()
        let results = try [1, 2].map { threads in
            let classifier = try ImageClassifier(
                bundle: bundle, runtime: runtime, options: SessionOptions(threads: threads))
            for index in classifier.input.indices { classifier.input[index] = UInt8(index * 7 % 251) }
            try classifier.run()
            return classifier.top(bundle.labels.count)
        }
        #expect(abs(results[0].reduce(0) { $0 + $1.score } - 1) < 1e-3)
        #expect(results[0].first?.classIndex == results[1].first?.classIndex)
        #expect(abs(results[0][0].score - results[1][0].score) < 1e-3)
    }

    @Test(arguments: Installed.bundles)
    func aModelTellsABlackPictureFromAGradient(bundle: ModelBundle) throws {
        let classifier = try ImageClassifier(
            bundle: bundle, runtime: try OnnxRuntime.load(), options: SessionOptions(threads: 1))
        try classifier.run()
        let black = classifier.top(5)
        for index in classifier.input.indices { classifier.input[index] = UInt8(index / 3 % classifier.width % 256) }
        try classifier.run()
        #expect(classifier.top(5) != black)
    }
}
