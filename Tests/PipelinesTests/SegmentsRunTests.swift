import Alert
import Foundation
import Machine
import Media
import Recognition
import Testing
import Units

@testable import Pipelines

/// Recognisers that are cut into segments, as a run sees them: tiny networks in the real engine.
@Suite(.serialized, .enabled(if: (try? OnnxRuntime.load()) != nil, "SKIPPED: ONNX Runtime is not installed"))
struct SegmentsRunTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyBundle.cut().write(into: folder, as: "cut")
        var whole = TinyBundle()
        whole.edit = { $0.replacing("\"top1\": 0.5", with: "\"top1\": 0.75") }
        try whole.write(into: folder, as: "whole")
    }

    private func recognizers(_ names: [String]? = nil, enough: Double? = nil) throws -> FrameRecognizers {
        var configuration = PipelineConfiguration()
        configuration.recognizers = names
        configuration.enough = enough
        return try FrameRecognizers(
            configuration: configuration, settings: SettingChoices([Setting(threads: 1)]),
            runtime: try OnnxRuntime.load(), folder: folder.path)
    }

    private func profile(of recognizers: FrameRecognizers) throws -> Profile {
        try ProfileStore(path: folder.path + "/profile.json").profile(
            for: recognizers, machine: .current(), meter: EstimatedEnergyMeter())
    }

    @Test func `A recogniser in segments answers in stages under one name`() throws {
        let recognizers = try recognizers()
        #expect(recognizers.candidates.map(\.recognizer) == ["cut", "whole"])
        recognizers.loadForMeasuring(0)
        let inference = try recognizers.infer(with: 0)
        #expect(inference.stageTimes.count == 2)
        // The exit names the largest byte, the last segment the smallest.
        let answers = [1, 2].compactMap { recognizers.top(1, ofStage: $0).first?.classIndex }
        #expect(answers.count == 2 && answers[0] != answers[1])
        #expect(recognizers.models.plannedModels.count == 2)
    }

    @Test func `A segment that runs out of time is stopped, and the exit's answer stands`() throws {
        let recognizers = try recognizers(["cut"])
        recognizers.loadForMeasuring(0)
        let stoppingAtOnce = StageLimit(left: .zero, expected: [.seconds(10), .zero])
        #expect(try recognizers.infer(with: 0, within: stoppingAtOnce).stageTimes.count == 1)
        #expect(try recognizers.infer(with: 0).stageTimes.count == 2)
    }

    @Test(arguments: [(0.0, 1), (1.1, 2)])
    func `An exit that is sure enough of its answer is the last`(enough: Double, stages: Int) throws {
        let recognizers = try recognizers(["cut"], enough: enough)
        recognizers.loadForMeasuring(0)
        #expect(try recognizers.infer(with: 0).stageTimes.count == stages)
    }

    @Test func `Segments and models make one cascade`() throws {
        let recognizers = try recognizers(["cut+whole"])
        recognizers.loadForMeasuring(0)
        #expect(try recognizers.infer(with: 0).stageTimes.count == 3)
        #expect(recognizers.expectedAccuracies(of: 0) == [0.25, 0.5, 0.75])
    }

    @Test func `A model that is no more accurate than the exit behind it is no cascade`() throws {
        let error = try #require(throws: PipelinesError.self) { try self.recognizers(["whole+cut"]) }
        #expect(error.message.contains("cut is no more accurate than whole"))
    }

    @Test func `Each segment is profiled, and the profile holds for exactly these graphs`() throws {
        let recognizers = try recognizers()
        let profile = try profile(of: recognizers)
        #expect(profile.candidates.map(\.candidate.name) == ["cut@cpu-1t", "whole@cpu-1t"])
        #expect(profile.candidates[0].stages.map(\.accuracy) == [0.25, 0.5])
        #expect(profile.candidates[1].stages.isEmpty)
        #expect(profile.models["cut"]?.split(separator: "+").count == 2)
        // Another exit makes another recogniser of it.
        var other = TinyBundle.cut()
        other.exit?.negates = true
        try other.write(into: folder, as: "cut")
        let changed = try self.recognizers()
        #expect(throws: PipelinesError.self) { try self.profile(of: changed) }
    }

    @Test func `Stopped on purpose after its exit, it is a candidate of its own`() throws {
        let recognizers = try recognizers()
        var profile = try profile(of: recognizers)
        recognizers.offerStops(in: &profile)
        #expect(profile.candidates.map(\.candidate.name) == ["cut@cpu-1t#1", "cut@cpu-1t", "whole@cpu-1t"])
        #expect(recognizers.candidates == profile.candidates.map(\.candidate))
        #expect(profile.candidates.map(\.accuracy) == [0.25, 0.5, 0.75])
        #expect(throws: Never.self) { for candidate in profile.candidates { try candidate.check() } }
        // Both run on the one model that is loaded.
        #expect(recognizers.models.plannedModels.map(\.candidates) == [[0, 1], [2]].map { CandidateSet($0) })
        recognizers.loadForMeasuring(0)
        #expect(try recognizers.infer(with: 0).stageTimes.count == 1)
        #expect(try recognizers.infer(with: 1).stageTimes.count == 2)
        #expect(recognizers.expectedAccuracies(of: 0) == [0.25])
    }
}
