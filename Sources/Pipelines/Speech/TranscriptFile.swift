import Captions
import Foundation
import Units

/// The formats that a transcript is written in.
public enum TranscriptFormat: String, Sendable, Hashable, CaseIterable {
    /// A line an utterance.
    case txt
    /// WebVTT.
    case vtt
    /// SubRip.
    case srt
    /// A JSON object an utterance, see ``TranscribedUtterance``, and `{"start":…,"end":…,"gap":true}` for missing
    /// sound.
    case jsonl

    var writer: (any CaptionWriter)? {
        switch self {
        case .txt: TextWriter()
        case .vtt: WebVTTWriter()
        case .srt: SubRipWriter()
        case .jsonl: nil
        }
    }
}

/// A transcript on disk, complete up to the last utterance at any moment.
public final class TranscriptFile {
    private struct GapLine: Encodable {
        var start: Double
        var end: Double
        var gap = true
    }

    private let file: OutputFile
    private var writer: (any CaptionWriter)?
    private let encoder = JSONEncoder()
    private var utterances = 0

    /// Opens (and empties) the file at `path`.
    public init(path: String, format: TranscriptFormat) throws(PipelinesError) {
        file = try OutputFile(path: path, option: "--output-folder")
        writer = format.writer
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try append(writer?.begin())
    }

    /// Adds what was understood.
    public func receive(_ event: Transcriber.Event) throws {
        switch event {
        case .gap(let gap):
            guard writer != nil else {
                return try append(
                    line: GapLine(
                        start: gap.start.seconds.rounded(decimals: 3), end: gap.end.seconds.rounded(decimals: 3)))
            }
            try append(writer?.append(gap))
        case .utterance(let utterance):
            if writer == nil {
                try append(line: utterance)
            } else {
                try append(writer?.append(utterance.words))
                try append(writer?.endUtterance())
            }
            utterances += 1
        }
    }

    /// Writes what the format ends with.
    public func finish() throws(PipelinesError) { try append(writer?.finish()) }

    private func append(line: some Encodable) throws {
        try append(String(decoding: try encoder.encode(line), as: UTF8.self) + "\n")
    }

    private func append(_ text: String?) throws(PipelinesError) {
        guard let text, !text.isEmpty else { return }
        try file.append(Data(text.utf8), written: (utterances, "utterances"))
    }
}
