import Glibc

/// Standard output, as a place for results: a line reaches the kernel before `write` returns.
public enum StandardOutput {
    /// Writes a line; blocks while its reader does not take it.
    ///
    /// - Throws: `PipelinesError` with `resultsNotWritten`, which says why, such as that the disk is full.
    public static func write(line: String) throws(PipelinesError) {
        var text = line + "\n"
        guard let failure = text.withUTF8({ OutputFile.write(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }) else {
            return
        }
        throw PipelinesError(
            .resultsNotWritten,
            "standard output: \(String(cString: strerror(failure))); the text could not be written there")
    }
}
