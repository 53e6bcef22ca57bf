/// Writes results as JSON lines into memory, for whoever hands them on.
public struct ResultLineWriter {
    private var line = JSONLine()

    /// Makes a writer.
    public init() {}

    /// A result as one line, its line feed included; docs/results.md explains the keys.
    public mutating func line(of result: SampleResult) -> [UInt8] {
        result.write(to: &line)
        return line.bytes
    }
}
