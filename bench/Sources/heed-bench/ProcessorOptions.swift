public import ArgumentParser
public import Recognition

/// Where a recogniser runs, and how.
struct ProcessorOptions: ParsableArguments {
    @Option(help: "The processor: cpu, openvino, webgpu, cuda.")
    var processor = Processor.cpu

    @Option(help: "How numbers are computed: fp32, bf16.")
    var precision = Precision.fp32

    func session(threads: Int) -> SessionOptions {
        SessionOptions(processor: processor, precision: precision, threads: threads)
    }
}

extension Processor: @retroactive ExpressibleByArgument {}
extension Precision: @retroactive ExpressibleByArgument {}
