import FoundationEssentials
import Glibc
import Testing

@testable import Recognition

/// What is said of processors that are not there, or cannot run a graph.
struct ProcessorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func everyProcessorIsThereOrSaysWhatBringsIt() throws {
        #expect(Installed.processors.map(\.processor) == Processor.allCases)
        for status in Installed.processors {
            switch status.availability {
            case .available(let device, let precisions):
                #expect(!device.isEmpty)
                #expect(precisions.first == .fp32)
            case .missing(let reason, let remedy):
                #expect(!reason.isEmpty && !remedy.isEmpty)
            }
        }
        #expect(Installed.has(.cpu))
        #expect(!Installed.has(.cpu, .bf16))
    }

    @Test(
        .enabled(if: Installed.hasRuntime, Installed.noRuntime),
        arguments: [(Processor.cpu, Precision.bf16), (.cpu, .fp16), (.webgpu, .fp16), (.cuda, .bf16)])
    func aPrecisionThatAProcessorLacksIsAnError(processor: Processor, precision: Precision) throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        let error = try recognitionError {
            _ = try ImageClassifier(
                bundle: bundle, runtime: try OnnxRuntime.load(),
                options: SessionOptions(processor: processor, precision: precision, threads: 1))
        }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("fp32 only, not in \(precision.rawValue)"))
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aProcessorThatIsNotThereIsAnErrorAndNotTheCPU() throws {
        let bundle = try ModelBundle(directory: try TinyBundle().write(into: folder))
        for status in Installed.processors {
            guard case .missing(let reason, _) = status.availability else { continue }
            let error = try recognitionError {
                _ = try ImageClassifier(
                    bundle: bundle, runtime: try OnnxRuntime.load(),
                    options: SessionOptions(processor: status.processor, threads: 1))
            }
            #expect(error.code == .processorUnavailable, "\(status.processor): \(reason)")
        }
    }

    @Test func aMissingLibraryNamesTheCommandThatBringsIt() throws {
        let openvino = try recognitionError { _ = try OpenVINO.load("/nowhere/libopenvino_c.so") }
        #expect(openvino.code == .processorUnavailable)
        #expect(openvino.message.contains("/nowhere/libopenvino_c.so: No such file"))
        #expect(openvino.message.contains("make extras"))
        let cuda = try recognitionError { _ = try CUDAProvider.load("/nowhere/libonnxruntime.so") }
        #expect(cuda.code == .processorUnavailable)
        #expect(cuda.message.contains("make extras-cuda"))
    }

    @Test func aFileThatIsNoLibraryIsAnError() throws {
        try folder.write("no library at all", to: "libopenvino_c.so")
        let error = try recognitionError { _ = try OpenVINO.load(folder.path + "/libopenvino_c.so") }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("is no shared library"))
    }

    @Test func anotherLibraryIsAnError() throws {
        let error = try recognitionError { _ = try OpenVINO.load(try copy("/lib/x86_64-linux-gnu/libm.so.6")) }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("ov_get_openvino_version"))
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aLibraryThatIsCutOffIsAnError() throws {
        let whole = try Data(contentsOf: URL(filePath: try OnnxRuntime.load().path))
        for bytes in [40, 4096, whole.count - 1] {
            try folder.write(whole.prefix(bytes), to: "libopenvino_c.so")
            let error = try recognitionError { _ = try OpenVINO.load(folder.path + "/libopenvino_c.so") }
            #expect(error.code == .processorUnavailable)
            #expect(error.message.contains("is cut off") || error.message.contains("is no shared library"))
        }
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aPluginThatIsMissingOrNoneOrCutOffIsAnError() throws {
        let runtime = try OnnxRuntime.load()
        let file = folder.path + "/plugin.so"
        let missing = try recognitionError { _ = try WebGPU.provider(in: runtime, plugin: file) }
        #expect(missing.message.contains("make extras"))
        let whole = try Data(contentsOf: URL(filePath: runtime.path))
        for contents in [Data("no plug-in".utf8), whole.prefix(whole.count / 2)] {
            try folder.write(contents, to: "plugin.so")
            let error = try recognitionError { _ = try WebGPU.provider(in: runtime, plugin: file) }
            #expect(error.code == .processorUnavailable)
            #expect(error.message.contains("plugin.so"))
        }
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aRuntimeWithoutPluginsSaysWhichReleaseHasThem() throws {
        let error = try recognitionError { _ = try OnnxRuntime.load().providerAPI(release: 9_999) }
        #expect(error.code == .processorUnavailable)
        #expect(error.message.contains("need 1.9999 or later"))
    }

    @Test func nodesThatComputeMayNotStayOnTheCPU() throws {
        let provider = FakeProvider()
        let shapes = Placement(nodes: ["Fast": ["Conv": 4], "CPUExecutionProvider": ["Gather": 2, "Concat": 1]])
        try shapes.check(provider, path: "model.onnx")
        for nodes in [
            ["Fast": ["Conv": 4], "CPUExecutionProvider": ["Gather": 2, "MatMulInteger": 25]],
            ["CPUExecutionProvider": ["MatMulInteger": 25]],
        ] {
            let error = try recognitionError { try Placement(nodes: nodes).check(provider, path: "model.onnx") }
            #expect(error.code == .processorUnavailable)
            #expect(error.message.contains("model.onnx: Fast does not run 25 MatMulInteger. Choose another"))
        }
        let nothing = try recognitionError {
            try Placement(nodes: ["CPUExecutionProvider": ["Gather": 2]]).check(provider, path: "model.onnx")
        }
        #expect(nothing.message.contains("does not run any of this graph"))
    }

    @Test(arguments: [
        ("WebGPU device lost (2): Device was lost", RecognitionError.Code.processorLost),
        ("CUDA failure 2: out of memory", .processorLost),
        ("std::bad_alloc", .processorLost),
        ("Non-zero status code returned while running Split node", .inferenceFailed),
    ])
    func aDeviceThatIsGoneIsToldFromAnotherFailure(words: String, code: RecognitionError.Code) {
        let error = DeviceFailure.error(words, of: .webgpu, in: "model.onnx", engine: "ONNX Runtime 1.31.1")
        #expect(error.code == code)
        #expect(error.message.hasPrefix("model.onnx: cannot run the graph; ONNX Runtime 1.31.1 says: \"\(words)\"."))
    }

    @Test func whatTheCoresCanDoIsReadFromTheKernel() throws {
        try folder.write(
            "processor\t: 0\nmodel name\t: Some  Maker's Core\nflags\t\t: fpu avx512f avx512_bf16\n\n", to: "cpuinfo")
        let features = CoreFeatures.read(folder.path + "/cpuinfo")
        #expect(features.name == "Some Maker's Core")
        #expect(features.hasBfloat16)
        #expect(CoreFeatures.read("/nowhere") == CoreFeatures(name: nil, flags: []))
    }

    @Test func theNameOfAGPUIsReadFromItsDriver() throws {
        try folder.write("Model: \t\t NVIDIA H200\nIRQ: 7\n", to: "gpus/0000:01:00.0/information")
        #expect(CUDAProvider.deviceName(folder: folder.path + "/gpus") == "NVIDIA H200")
        #expect(CUDAProvider.deviceName(folder: folder.path + "/none") == nil)
    }

    private func copy(_ library: String) throws -> String {
        try folder.write(try Data(contentsOf: URL(filePath: library)), to: "library.so")
        return folder.path + "/library.so"
    }
}

private struct FakeProvider: ExecutionProvider {
    let name = "Fast"
    let remedy = ""
    func append(to settings: OpaquePointer) {}
}
