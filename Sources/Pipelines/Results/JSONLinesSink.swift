/// Writes each result as one JSON line to a file.
///
/// Each line reaches the kernel before `receive` returns, and a line that could not be written whole is taken back,
/// so that what was recognised is on disk, and readable, whatever happens next.
public final class JSONLinesSink: ResultSink {
    private let file: OutputFile
    private var line = JSONLine()
    private var lines = 0

    /// Opens (and empties) the file at `path`.
    public init(path: String) throws(PipelinesError) {
        file = try OutputFile(path: path, option: "--results")
    }

    public func receive(_ result: SampleResult) throws {
        result.write(to: &line)
        try file.append(line.bytes, written: (lines, "results"))
        lines += 1
    }

    public func finish() throws {}
}
