import Alert
import Pipelines
import Recognition
import Testing

/// What a pipeline's settings come to on one machine or another.
struct SettingChoicesTests {
    private static let cpu = ProcessorStatus(
        processor: .cpu, availability: .available(device: "a CPU", precisions: [.fp32]))
    private static let openvino = ProcessorStatus(
        processor: .openvino, availability: .available(device: "the same CPU", precisions: [.fp32, .bf16]))
    private static let webgpu = ProcessorStatus(
        processor: .webgpu, availability: .available(device: "a GPU", precisions: [.fp32, .fp16]))
    private static let noGPU = ProcessorStatus(
        processor: .webgpu, availability: .missing(reason: "no Vulkan driver", remedy: "Install libvulkan1."))
    private static let noCUDA = ProcessorStatus(
        processor: .cuda, availability: .missing(reason: "no NVIDIA driver", remedy: "Install one."))
    private static let all = [cpu, openvino, webgpu, noCUDA]

    private func choices(
        _ processors: [Processor]?, precision: [Precision]? = nil, threads: [Int]? = [2],
        on here: [ProcessorStatus] = all, cores: Int = 2
    ) throws -> SettingChoices {
        var wanted = PipelineConfiguration.Settings()
        wanted.processors = processors
        wanted.precisions = precision
        wanted.threads = threads
        return try SettingChoices(wanted, of: here, cores: cores)
    }

    private func names(_ choices: SettingChoices) -> [String] { choices.settings.map(\.name) }

    @Test func withoutAWordTheMachinesCoresAreTaken() throws {
        let choices = try SettingChoices(PipelineConfiguration.Settings(), of: Self.all, cores: 2)
        #expect(names(choices) == ["cpu-1t", "cpu-2t"])
        #expect(choices.fallback == nil)
    }

    @Test func settingsAreTheProductOfProcessorsPrecisionsAndThreads() throws {
        let choices = try choices([.openvino, .cpu], precision: [.bf16, .fp32], threads: [1, 2])
        #expect(
            names(choices) == [
                "openvino-bf16-1t", "openvino-bf16-2t", "openvino-1t", "openvino-2t", "cpu-1t", "cpu-2t",
            ])
        #expect(choices.fallback == nil)
    }

    @Test func aGPUHasOneThreadSetting() throws {
        #expect(names(try choices([.webgpu], threads: [1, 2, 4])) == ["webgpu-1t"])
    }

    @Test func autoTakesWhatIsHereAndSaysNothingOfTheRest() throws {
        let choices = try SettingChoices(.auto, of: Self.all, cores: 1)
        #expect(names(choices) == ["cpu-1t", "openvino-1t", "openvino-bf16-1t", "webgpu-1t"])
        #expect(choices.absences.isEmpty)
    }

    @Test func precisionsOfLessThanBF16AreTakenOnlyWhereTheyAreNamed() throws {
        #expect(names(try choices([.webgpu])) == ["webgpu-1t"])
        #expect(names(try choices([.webgpu], precision: [.fp16])) == ["webgpu-fp16-1t"])
    }

    @Test func aProcessorThatIsNotHereIsLeftOutAndThatIsStated() throws {
        let choices = try choices([.webgpu, .cpu], on: [Self.cpu, Self.noGPU])
        #expect(names(choices) == ["cpu-2t"])
        #expect(choices.fallback == "webgpu: no Vulkan driver")
        #expect(choices.absences.map(\.remedy) == ["Install libvulkan1."])
    }

    @Test func aProcessorThatIsNotHereAndTheOnlyOneIsAnErrorThatSaysWhatToDo() throws {
        let error = try #require(throws: PipelinesError.self) {
            try choices([.webgpu], on: [Self.cpu, Self.noGPU])
        }
        #expect(error.message == "webgpu: no Vulkan driver. Install libvulkan1.")
    }

    @Test func whereNoneOfSeveralIsHereAllReasonsAreTold() throws {
        let error = try #require(throws: PipelinesError.self) {
            try choices([.webgpu, .cuda], on: [Self.cpu, Self.noGPU, Self.noCUDA])
        }
        #expect(error.message.contains("webgpu: no Vulkan driver. Install libvulkan1."))
        #expect(error.message.contains("cuda: no NVIDIA driver. Install one."))
    }

    @Test func aProcessorThatLacksThePrecisionIsLeftOutAndThatIsStated() throws {
        let choices = try choices([.cpu, .openvino], precision: [.bf16])
        #expect(names(choices) == ["openvino-bf16-2t"])
        #expect(choices.fallback == "cpu: does not compute in bf16")
    }

    @Test func aPrecisionThatNoProcessorHasIsStatedBesideOthersAndElseAnError() throws {
        let both = try choices([.cpu], precision: [.fp32, .fp16])
        #expect(names(both) == ["cpu-2t"])
        #expect(both.fallback == "fp16: no processor that is asked for computes so")
        #expect(throws: PipelinesError.self) { try choices([.cpu], precision: [.fp16]) }
    }

    @Test func whatIsNamedTwiceIsOneSetting() throws {
        #expect(names(try choices([.cpu, .cpu], precision: [.fp32, .fp32], threads: [1, 1])) == ["cpu-1t"])
    }

    @Test func eachSettingIsOfferedWithTheMachineAsItStandsAndWithEachPowerSetting() throws {
        let refused = SettingChoices.Absence(name: "package-9W", reason: "too little", remedy: "see `heed power`")
        let choices = try SettingChoices(
            PipelineConfiguration.Settings(), of: Self.all, cores: 2, power: ["cpu-50%"], refused: [refused])
        #expect(names(choices) == ["cpu-1t", "cpu-1t-cpu-50%", "cpu-2t", "cpu-2t-cpu-50%"])
        #expect(choices.fallback == "package-9W: too little")
    }
}
