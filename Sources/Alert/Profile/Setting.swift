/// How a recogniser is run: on which processor, how precisely, with how many threads, under which power setting.
public struct Setting: Sendable, Hashable, Codable {
    /// The processor's name: `cpu`, `openvino`, `webgpu`, `cuda`.
    public var processor: String
    /// How numbers are computed, such as `bf16`; nil where they are computed as the model has them.
    public var precision: String?
    /// The number of threads that infer.
    public var threads: Int
    /// The power setting's name, such as `cpu-60%`; nil where the machine is left as it is.
    public var power: String?

    /// Makes a setting.
    public init(processor: String = "cpu", precision: String? = nil, threads: Int, power: String? = nil) {
        self.processor = processor
        self.precision = precision
        self.threads = threads
        self.power = power
    }

    /// The same with the machine left as it is: what is loaded for it.
    public var withoutPower: Setting { Setting(processor: processor, precision: precision, threads: threads) }

    /// The name in results and summaries: `cpu-2t`, `openvino-bf16-2t`, `cpu-1t-cpu-60%`. Allocates.
    public var name: String {
        [processor, precision, "\(threads)t", power].compactMap(\.self).joined(separator: "-")
    }

    /// The setting as a person would say it: `2 threads`, `openvino in bf16, 2 threads`. Allocates.
    public var words: String {
        let count = threads == 1 ? "1 thread" : "\(threads) threads"
        let place = processor == "cpu" && precision == nil ? nil : processor + (precision.map { " in \($0)" } ?? "")
        return [place, count, power].compactMap(\.self).joined(separator: ", ")
    }
}
