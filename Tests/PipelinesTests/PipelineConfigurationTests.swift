import Foundation
import Machine
import Pipelines
import Recognition
import Testing
import Units

struct PipelineConfigurationTests {
    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try PipelineConfiguration(yaml: yaml, file: "camera.yaml")
            return []
        } catch {
            return error.message.split(separator: "\n").map(String.init)
        }
    }

    @Test func everyKeyIsRead() throws {
        let configuration = try PipelineConfiguration(
            yaml: """
                name: test
                recording: { path: a.mkv, rate: 12.5, pace: simulated, seed: 9, labels: a.tsv }
                goal: { deadline: 40ms, minimize: energy, accuracy: 0.8, confidence: 0.9 }
                policy: fastest
                recognizers: [one, two]
                settings: { processors: [webgpu, cpu], precision: bf16, threads: [1, 2] }
                queue: { capacity: 7 }
                energy: { meter: battery, idle: 1.5W, core: 2W, budget: 12 W }
                sharing: none
                learned: autoscale.json
                results: r.jsonl
                summary: s.json
                """, file: "x.yaml")
        #expect(configuration.name == "test")
        #expect(configuration.recording.path == "a.mkv")
        #expect(configuration.recording.rate == 12.5)
        #expect(configuration.recording.pace == .simulated)
        #expect(configuration.recording.seed == 9)
        #expect(configuration.recording.labels == "a.tsv")
        #expect(configuration.powerBudget == Watts(12))
        #expect(configuration.sharing == .none)
        #expect(configuration.learned == .file("autoscale.json"))
        #expect(configuration.goal.deadline == .milliseconds(40))
        #expect(configuration.goal.minimize == .energy)
        #expect(configuration.goal.accuracy == 0.8)
        #expect(configuration.goal.confidence == 0.9)
        #expect(configuration.policy == "fastest")
        #expect(configuration.recognizers == ["one", "two"])
        #expect(configuration.settings.processors == [.webgpu, .cpu])
        #expect(configuration.settings.precisions == [.bf16])
        #expect(configuration.settings.threads == [1, 2])
        #expect(configuration.queueCapacity == 7)
        #expect(configuration.meter == .battery)
        #expect(configuration.power.idle == Watts(1.5))
        #expect(configuration.power.core == Watts(2))
        #expect(configuration.results == "r.jsonl")
        #expect(configuration.summary == "s.json")
    }

    @Test func anUnknownKeyNamesItsLineAndTheNearestKey() {
        #expect(
            problems("name: x\ngoal:\n  dedline: 40ms\n")
                == ["camera.yaml:3: goal.dedline: unknown key; did you mean `deadline`?"])
    }

    @Test func aKeyLikeNoOtherListsTheKnownOnes() {
        let found = problems("zebra: 1\n")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "camera.yaml:1: zebra: unknown key; known here: name, camera, microphone, record, recording, goal")
                == true)
    }

    @Test func allProblemsAreToldAtOnce() {
        let found = problems("polici: alert\ngoal:\n  deadline: 0ms\n  minimize: errors\nqueue: { capacity: 0 }\n")
        #expect(found.count == 4)
        #expect(found.contains("camera.yaml:3: goal.deadline: expected a duration above 0, such as 100ms, found `0ms`"))
        #expect(
            found.contains(
                "camera.yaml:4: goal.minimize: expected error or energy, found `errors`; did you mean `error`?"))
    }

    @Test func aSeedIsAWholeNumber() {
        #expect(
            problems("recording: { pace: simulate, seed: -1 }\n") == [
                "camera.yaml:1: recording.pace: expected realtime or fast or simulated, found `simulate`; "
                    + "did you mean `simulated`?",
                "camera.yaml:1: recording.seed: expected a whole number from 0 to 9223372036854775807, found `-1`",
            ])
    }

    @Test func aPolicyNobodyKnowsSuggestsTheNearest() {
        #expect(problems("policy: alerd\n").first?.hasSuffix("found `alerd`; did you mean `alert`?") == true)
    }

    @Test func whatIsLearnedIsKeptInHeedsOwnPlaceNowhereOrInAFile() throws {
        func learned(_ yaml: String) throws -> PipelineConfiguration.Learned {
            try PipelineConfiguration(yaml: yaml, file: "x.yaml").learned
        }
        #expect(try learned("name: x") == .auto)
        #expect(try learned("learned: auto") == .auto)
        #expect(try learned("learned: none") == .none)
        #expect(try learned("learned: ./none") == .file("./none"))
    }

    @Test func aSlipInTheKeyForWhatIsLearnedSuggestsIt() {
        #expect(problems("lerned: none\n") == ["camera.yaml:1: lerned: unknown key; did you mean `learned`?"])
        #expect(problems("learned: [a, b]\n").first?.hasPrefix("camera.yaml:1: learned: expected text") == true)
    }

    @Test(arguments: ["settings: auto", "settings: { processors: auto, precision: auto, threads: auto }"])
    func settingsMayBeLeftToHeed(yaml: String) throws {
        let settings = try PipelineConfiguration(yaml: yaml, file: "x.yaml").settings
        #expect(settings == .auto)
        #expect(settings.processors == nil)
    }

    @Test func settingsThatNobodyNamesAreThoseOfTheMachinesCores() throws {
        let settings = try PipelineConfiguration(yaml: "settings: { threads: 2 }", file: "x.yaml").settings
        #expect(settings.processors == [.cpu])
        #expect(settings.precisions == nil)
        #expect(settings.threads == [2])
    }

    @Test func slipsInSettingsAreNamedWithTheNearestWord() {
        #expect(
            problems("settings: atuo\n") == [
                "camera.yaml:1: settings: expected keys and values here, or auto; did you mean `auto`?"
            ])
        #expect(
            problems("settings:\n  procesors: cpu\n  precision: [bf16, bf61]\n  threads: [1, none]\n") == [
                "camera.yaml:2: settings.procesors: unknown key; did you mean `processors`?",
                "camera.yaml:3: settings.precision: expected auto, or one or more of fp32, bf16, fp16, found `bf61`; "
                    + "did you mean `bf16`?",
                "camera.yaml:4: settings.threads: expected auto, or whole numbers from 1 to 256, found `none`",
            ])
        #expect(
            problems("settings: { processors: [cpu, openvio] }\n") == [
                "camera.yaml:1: settings.processors: expected auto, or one or more of cpu, openvino, webgpu, cuda, "
                    + "found `openvio`; did you mean `openvino`?"
            ])
    }

    @Test func boundsThatContradictTheGoalAreRefused() {
        #expect(problems("goal: { minimize: energy }\n").first?.contains("needs the least accuracy") == true)
        #expect(problems("goal: { minimize: error, accuracy: 0.9 }\n").count == 1)
        #expect(problems("goal: { minimize: energy, accuracy: 0.9, energy: 1J }\n").count == 1)
        for budget in ["0W", "-1W", "12", "12J"] {
            let lines = problems("energy:\n  budget: \(budget)\n")
            #expect(lines.count == 1 && lines[0].hasPrefix("camera.yaml:2: energy.budget: "), "\(lines)")
        }
        #expect(problems("sharing: jiont\n").first?.contains("did you mean `joint`") == true)
    }

    @Test(arguments: [
        "", "- a\n- b\n", "goal: [1, 2]\n", "goal: {deadline: [1]}\n", "a: b: c\n", "\t- x", "name: {a: 1}\n",
    ])
    func whatIsNotAPipelineHasOneProblemOrMoreWithALine(yaml: String) {
        let found = problems(yaml)
        #expect(!found.isEmpty)
        for problem in found { #expect(problem.hasPrefix("camera.yaml:")) }
    }

    @Test func aKeyThatStandsTwiceIsRefused() {
        #expect(problems("policy: alert\npolicy: fastest\n").contains { $0.contains("stands twice") })
    }

    @Test func aMissingFileIsNamed() {
        #expect(throws: PipelinesError.self) { try PipelineConfiguration(file: "/nowhere/camera.yaml") }
    }

    @Test(arguments: [("100ms", 0.1), ("0.25s", 0.25), ("250 us", 0.000_25), ("2min", 120)])
    func durationsAreReadWithTheirUnit(text: String, seconds: Double) {
        #expect(Duration(text: text) == .seconds(seconds))
    }

    @Test(arguments: ["100", "ms", "", "1h", "infs", "nanms", "1e99s"])
    func durationsWithoutASensibleNumberAndUnitAreRefused(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test func energiesAndPowersAreReadWithTheirUnit() {
        #expect(Joules(text: "500mJ") == Joules(0.5))
        #expect(Joules(text: "2 J") == Joules(2))
        #expect(Joules(text: "2W") == nil)
        #expect(Watts(text: "4W") == Watts(4))
    }

    @Test func powerIsAListOfSettingsInWordsOrKeysAndValues() throws {
        func power(_ text: String) throws -> ListOrAuto<PowerSetting>? {
            try PipelineConfiguration(yaml: "settings:\n  power: \(text)\n", file: "x.yaml").settings.power
        }
        let half = try PowerSetting("cpu: 50%")
        let both = try PowerSetting("package: 15 W, frequency: 1.8 GHz")
        #expect(try power("[cpu: 50%, 'package: 15 W, frequency: 1.8 GHz']") == .these([half, both]))
        #expect(try power("\n    - cpu: 50%\n    - { package: 15 W, frequency: 1.8 GHz }") == .these([half, both]))
        #expect(try power("'cpu: 50%'") == .these([half]))
        #expect(try power("auto") == .auto)
        #expect(PipelineConfiguration().settings.power == nil)
        #expect(
            problems("settings:\n  power: [cpu: 500%]\n") == [
                "camera.yaml:2: settings.power: cpu: 500%: expected a CPU bandwidth from 1% to 100% such as `cpu: 50%`"
            ])
        #expect(problems("settings:\n  power: [watts: 5]\n").first?.contains("watts: unknown key") == true)
    }
}
