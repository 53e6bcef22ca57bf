import Foundation

/// Writes captions to a file as words are committed: what stands there never changes afterwards.
public final class CaptionsSink: ResultSink {
    private let file: OutputFile
    private var captions: CaptionText
    private var words = 0

    /// Opens (and empties) the file at `path`, whose ending says the format: txt, vtt or srt.
    public init(path: String) throws(PipelinesError) {
        captions = try CaptionText(for: path)
        file = try OutputFile(path: path, option: "--captions")
        try append(captions.begin())
    }

    /// Refuses a file whose ending names no format of captions.
    public static func checkEnding(of path: String) throws(PipelinesError) { _ = try CaptionText(for: path) }

    public func receive(_ result: SampleResult) throws {
        guard let speech = result.speech else { return }
        try append(captions.append(speech))
        words += speech.committed.count
    }

    public func finish() throws { try append(captions.finish()) }

    private func append(_ text: String) throws(PipelinesError) {
        if !text.isEmpty { try file.append(Data(text.utf8), written: (words, "words")) }
    }
}
