import Captions
import Foundation

/// Writes captions to a file as words are committed: what stands there never changes afterwards.
public final class CaptionsSink: ResultSink {
    private let file: OutputFile
    private var writer: any CaptionWriter
    private var words = 0

    /// Opens (and empties) the file at `path`, whose ending says the format: txt, vtt or srt.
    public init(path: String) throws(PipelinesError) {
        writer = try Self.writer(for: path)
        file = try OutputFile(path: path, option: "--captions")
        try append(writer.begin())
    }

    /// Refuses a file whose ending names no format of captions.
    public static func checkEnding(of path: String) throws(PipelinesError) { _ = try writer(for: path) }

    private static func writer(for path: String) throws(PipelinesError) -> any CaptionWriter {
        let ending = (path as NSString).pathExtension.lowercased()
        guard let writer = TranscriptFormat(rawValue: ending)?.writer else {
            throw PipelinesError(
                .badConfiguration,
                "\(path): captions are written as txt, vtt or srt; end the file's name with one of them")
        }
        return writer
    }

    public func receive(_ result: SampleResult) throws {
        guard let speech = result.speech else { return }
        try append(writer.append(speech.committed))
        words += speech.committed.count
        if speech.kind != .partial { try append(writer.endUtterance()) }
        if let gap = speech.gap { try append(writer.append(gap)) }
    }

    public func finish() throws { try append(writer.finish()) }

    private func append(_ text: String) throws(PipelinesError) {
        if !text.isEmpty { try file.append(Data(text.utf8), written: (words, "words")) }
    }
}
