import Glibc

extension OnnxRuntime {
    /// What these processors offer on this machine, in their order.
    ///
    /// Blocks, for up to seconds: what is said to be available was started, with a graph of one node. Ask for those
    /// only that may be used.
    public func processors(_ asked: [Processor] = Processor.allCases) -> [ProcessorStatus] {
        asked.map { processor in
            do throws(RecognitionError) {
                return ProcessorStatus(processor: processor, availability: try availability(of: processor))
            } catch {
                return ProcessorStatus(
                    processor: processor, availability: .missing(reason: error.reason, remedy: error.remedy))
            }
        }
    }

    private func availability(of processor: Processor) throws(RecognitionError) -> ProcessorStatus.Availability {
        switch processor {
        case .cpu:
            return .available(device: CoreFeatures.read().name ?? "cores of an unknown name", precisions: [.fp32])
        case .openvino:
            let library = try OpenVINO.load()
            return .available(
                device: "\(library.device), by OpenVINO \(library.version)", precisions: library.precisions)
        case .webgpu:
            let provider = try WebGPU.provider(in: self)
            try ProbeGraph.start(on: .webgpu, runtime: self)
            return .available(device: "\(provider.words), through Vulkan", precisions: [.fp32])
        case .cuda:
            try ProbeGraph.start(on: .cuda, runtime: self)
            return .available(device: CUDAProvider.deviceName() ?? "a GPU by NVIDIA", precisions: [.fp32])
        }
    }
}
