import Captions
import Foundation

/// The text of a caption file, as words are committed: what stands there never changes afterwards.
struct CaptionText {
    private var writer: any CaptionWriter

    /// Captions in the format that the ending of the file at `path` names: txt, vtt or srt.
    init(for path: String) throws(PipelinesError) {
        let ending = (path as NSString).pathExtension.lowercased()
        guard let writer = TranscriptFormat(rawValue: ending)?.writer else {
            throw PipelinesError(
                .badConfiguration,
                "\(path): captions are written as txt, vtt or srt; end the file's name with one of them")
        }
        self.writer = writer
    }

    /// What the file begins with.
    mutating func begin() -> String { writer.begin() }

    /// What a step of the captions adds.
    mutating func append(_ speech: SpeechResult) -> String {
        var text = writer.append(speech.committed)
        if speech.kind != .partial { text += writer.endUtterance() }
        if let gap = speech.gap { text += writer.append(gap) }
        return text
    }

    /// What the file ends with.
    mutating func finish() -> String { writer.finish() }
}
