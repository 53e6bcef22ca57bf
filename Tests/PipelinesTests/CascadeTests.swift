import Alert
import Foundation
import Machine
import Media
import Recognition
import Testing
import Units

@testable import Pipelines

/// The models that cascades are made of here.
private enum CascadeModels {
    static let small = "efficientnet-lite0-int8"
    static let large = "efficientnet-lite2-int8"
    static let cascade = "\(small)+\(large)"

    static let areInstalled = [small, large].allSatisfy {
        FileManager.default.fileExists(atPath: "\(DataFolder.models)/\($0)/model.json")
    }
    static let missing: Comment = "SKIPPED: image bundles are not installed; run `heed models build`"
}

/// Cascades of the real image recognisers.
@Suite(.serialized, .enabled(if: CascadeModels.areInstalled, CascadeModels.missing))
struct CascadeTests {
    private typealias Models = CascadeModels

    private func recognizers(
        _ names: [String], enough: Double? = nil, threads: [Int] = [1], folder: String = DataFolder.models
    ) throws -> FrameRecognizers {
        var configuration = PipelineConfiguration()
        configuration.recognizers = names
        configuration.enough = enough
        return try FrameRecognizers(
            configuration: configuration, settings: SettingChoices(threads.map { Setting(threads: $0) }),
            runtime: try OnnxRuntime.load(), folder: folder)
    }

    /// What one recogniser by itself makes of the picture that is loaded for measuring.
    private func answers(of name: String) throws -> [Classification] {
        let alone = try recognizers([name])
        alone.loadForMeasuring(0)
        _ = try alone.infer(with: 0)
        return alone.top(5, ofStage: 1)
    }

    /// A limit at which a stage is begun and stopped at once: it is expected to take no time, and there is none.
    private let stoppingAtOnce = StageLimit(left: .zero, expected: [.seconds(10), .zero])

    @Test func `With time left the second model answers, as it would by itself`() throws {
        let recognizers = try recognizers([Models.cascade])
        recognizers.loadForMeasuring(0)
        let inference = try recognizers.infer(with: 0)
        #expect(inference.stageTimes.count == 2)
        #expect(inference.stageTimes.last.map { $0 <= inference.time } == true)
        #expect(recognizers.top(5, ofStage: 2) == (try answers(of: Models.large)))
        #expect(recognizers.top(5, ofStage: 1) == (try answers(of: Models.small)))
    }

    @Test func `A second stage that runs out of time is stopped, and the first one's answer stands`() throws {
        let recognizers = try recognizers([Models.cascade])
        recognizers.loadForMeasuring(0)
        let inference = try recognizers.infer(with: 0, within: stoppingAtOnce)
        #expect(inference.stageTimes.count == 1)
        #expect(recognizers.top(5, ofStage: 1) == (try answers(of: Models.small)))
        // What was stopped works again.
        #expect(try recognizers.infer(with: 0).stageTimes.count == 2)
        #expect(recognizers.top(5, ofStage: 2) == (try answers(of: Models.large)))
    }

    @Test func `A stage that is not expected to be in time is not begun`() throws {
        let recognizers = try recognizers([Models.cascade])
        recognizers.loadForMeasuring(0)
        let limit = StageLimit(left: .seconds(60), expected: [.zero, .seconds(120)])
        #expect(try recognizers.infer(with: 0, within: limit).stageTimes.count == 1)
    }

    @Test func `A reason tells what became of the stage that gave no answer`() {
        var inference = Inference(time: .milliseconds(10))
        inference.stageTimes = [.milliseconds(10)]
        #expect(inference.ending(of: 1).isEmpty)
        #expect(inference.ending(of: 2) == "; too late to begin stage 2")
        inference.time = .milliseconds(15)
        #expect(inference.ending(of: 2) == "; stage 2 was stopped for the deadline")
        inference.endedSure = true
        #expect(inference.ending(of: 2) == "; stage 1 was sure enough")
    }

    @Test(arguments: [(0, 1), (1, 2)])
    func `A stage that is sure enough of its answer is the last`(enough: Int, stages: Int) throws {
        let recognizers = try recognizers([Models.cascade], enough: Double(enough))
        recognizers.loadForMeasuring(0)
        #expect(try recognizers.infer(with: 0).stageTimes.count == stages)
    }

    @Test func `A cascade shares its models with recognisers of one`() throws {
        let recognizers = try recognizers([Models.small, Models.cascade, Models.large], threads: [1, 2])
        #expect(recognizers.candidates.map(\.recognizer).filter { $0 == Models.cascade }.count == 2)
        #expect(recognizers.candidates.count == 6)
        let models = recognizers.models.plannedModels
        #expect(models.count == 4)
        // Candidates: small, cascade, large, each with one and two threads.
        #expect(models.map(\.candidates) == [[0, 2], [1, 3], [2, 4], [3, 5]].map { CandidateSet($0) })
        // Without the model by itself the cascade still needs it.
        recognizers.keep([2])
        #expect(recognizers.models.plannedModels.map(\.candidates.count) == [1, 0, 1, 0])
        recognizers.loadForMeasuring(0)
        #expect(try recognizers.infer(with: 0).stageTimes.count == 2)
    }

    @Test func `Each stage is profiled, and a policy knows the candidate for one with stages`() throws {
        let path = NSTemporaryDirectory() + "heed-cascade-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recognizers = try recognizers([Models.small, Models.cascade])
        let profile = try ProfileStore(path: path).profile(
            for: recognizers, machine: .current(), meter: EstimatedEnergyMeter())
        let cascade = try #require(profile.candidates.last)
        #expect(cascade.candidate.name == "\(Models.cascade)@cpu-1t")
        #expect(cascade.stages.count == 2)
        #expect(cascade.stages[0].time.median < cascade.stages[1].time.median)
        #expect(cascade.stages[0].accuracy == profile.candidates[0].accuracy)
        #expect(cascade.stages[0].accuracy < cascade.accuracy)
        #expect(profile.candidates[0].stages.isEmpty)
        let goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
        let policy = try Policies.make("alert-anytime", profile: profile, goal: goal)
        #expect(policy.candidates.map(\.isAnytime) == [false, true])
        // It is read back as it was written, and holds the models of both stages.
        #expect(try ProfileStore(path: path).load()?.candidates == profile.candidates)
        #expect(profile.models[Models.cascade]?.split(separator: "+").count == 2)
    }

    @Test(arguments: [
        ("\(Models.small)+nothing", "`nothing`: no such recogniser"),
        ("\(Models.small)+", "``: no such recogniser"),
        ("\(Models.small)+\(Models.small)", "a cascade has each model once"),
        ("\(Models.large)+\(Models.small)", "\(Models.small) is no more accurate than \(Models.large)"),
        ("\(Models.small)+silero-vad", "silero-vad recognises no pictures"),
    ])
    func `Models that cannot follow one another are refused with the reason`(name: String, reason: String) throws {
        let error = try #require(throws: PipelinesError.self) { try recognizers([name]) }
        #expect(error.message.contains(reason))
    }

    @Test func `Models that know different classes are no cascade`() throws {
        let folder = NSTemporaryDirectory() + "heed-cascade-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in [Models.small, Models.large] {
            try files.copyItem(atPath: "\(DataFolder.models)/\(name)", toPath: "\(folder)/\(name)")
        }
        let labels = "\(folder)/\(Models.large)/labels.txt"
        let text = try String(contentsOfFile: labels, encoding: .utf8)
        try ("something else" + text.dropFirst(text.prefix { $0 != "\n" }.count))
            .write(toFile: labels, atomically: true, encoding: .utf8)
        let error = try #require(throws: PipelinesError.self) {
            try recognizers([Models.cascade], folder: folder)
        }
        #expect(error.message.contains("know different classes"))
    }
}
