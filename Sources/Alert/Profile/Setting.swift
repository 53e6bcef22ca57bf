/// How a recogniser is run: on which processor, with how many threads.
public struct Setting: Sendable, Hashable, Codable {
    /// The processor's name: `cpu`.
    public var processor: String
    /// The number of threads that infer.
    public var threads: Int

    /// Makes a setting.
    public init(processor: String = "cpu", threads: Int) {
        self.processor = processor
        self.threads = threads
    }

    /// The setting as a person would say it: `2 threads`. Allocates.
    public var words: String {
        let count = threads == 1 ? "1 thread" : "\(threads) threads"
        return processor == "cpu" ? count : "\(processor), \(count)"
    }
}
