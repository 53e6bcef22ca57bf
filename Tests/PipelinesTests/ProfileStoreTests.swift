import Alert
import Foundation
import Machine
import Pipelines
import Recognition
import Testing

/// Real bundles, really measured; `make test` installs them.
private let isInstalled = FileManager.default.fileExists(
    atPath: DataFolder.models + "/efficientnet-lite0-int8/model.json")

@Suite(.serialized, .enabled(if: isInstalled, "skipped: the models are not installed; `make test` does it"))
final class ProfileStoreTests {
    private let path = NSTemporaryDirectory() + "heed-profile-\(UUID().uuidString).json"
    private let meter = EstimatedEnergyMeter()

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func recognizers(_ names: [String], threads: [Int] = [1]) throws -> FrameRecognizers {
        var configuration = PipelineConfiguration()
        configuration.recognizers = names
        configuration.settings.threads = threads
        let runtime = try OnnxRuntime.load()
        let settings = try SettingChoices(configuration.settings, of: runtime.processors(), cores: 1)
        return try FrameRecognizers(configuration: configuration, settings: settings, runtime: runtime)
    }

    private func measure(_ recognizers: FrameRecognizers, trust: ProfileStore.Trust = .checked) throws -> Profile {
        try ProfileStore(path: path).profile(
            for: recognizers, machine: try .current(), meter: meter, trust: trust)
    }

    @Test func whatIsMissingIsMeasuredAndJoinsWhatWasThere() throws {
        let first = try measure(try recognizers(["efficientnet-lite0-int8"]))
        let both = try measure(try recognizers(["efficientnet-lite0-int8", "efficientnet-lite1-int8"]))
        #expect(both.candidates.count == 2)
        #expect(both.candidates.first == first.candidates.first)
        #expect(try ProfileStore(path: path).load()?.candidates.count == 2)
    }

    @Test func measuringOneAnewKeepsTheOthers() throws {
        let both = try measure(try recognizers(["efficientnet-lite0-int8", "efficientnet-lite1-int8"]))
        _ = try measure(try recognizers(["efficientnet-lite0-int8"]), trust: .measureAnew)
        let stored = try #require(try ProfileStore(path: path).load())
        #expect(stored.candidates.count == 2)
        #expect(stored.candidates.contains(both.candidates[1]))
        #expect(!stored.candidates.contains(both.candidates[0]))
    }

    @Test func aRecognizerOrThreadCountNamedTwiceIsOneCandidate() throws {
        let set = try recognizers(["efficientnet-lite0-int8", "efficientnet-lite0-int8"], threads: [1, 1])
        #expect(set.candidates.count == 1)
    }

    @Test func aProfileThatIsNoneIsAnErrorThatNamesTheFile() throws {
        try "{}".write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: PipelinesError.self) { try ProfileStore(path: self.path).load() }
        #expect(error.code == .badProfile)
        #expect(error.message.contains(path))
    }
}
