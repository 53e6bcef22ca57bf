import Captions
import Foundation
import Media
import Pipelines
import Recordings
import Units

/// Transcribes one file: text to standard output, transcripts to their files, progress to standard error.
struct FileTranscription {
    private let file: String
    private let outputs: [(format: TranscriptFormat, path: String)]
    private let keepsText: Bool
    /// All that was understood, where it is kept.
    private(set) var text = ""
    private var counts = (utterances: 0, words: 0, gates: 0)

    init(file: String, outputs: [(format: TranscriptFormat, path: String)], keepsText: Bool) {
        self.file = file
        self.outputs = outputs
        self.keepsText = keepsText
    }

    /// Reads the file to its end, or until it shall stop; what was understood before an error is written.
    mutating func run(with transcriber: Transcriber, isStopped: () -> Bool) throws {
        let begin = MonotonicTime.now()
        let recording = try AudioRecording.open(file)
        let transcripts = try outputs.map { try TranscriptFile(path: $0.path, format: $0.format) }
        say(
            "\(file): \(recording.info.format), \(recording.info.sampleRate) Hz, "
                + counted(recording.info.channels, "channel", "channels"))
        let bar = StandardError.shared.showsRows ? ProgressBar("transcribing") : nil
        var heard = Duration.zero
        var shown = -1
        var failure: (any Error)?
        func receive(_ event: Transcriber.Event) throws {
            bar?.clear()
            shown = -1
            try note(event)
            for transcript in transcripts { try transcript.receive(event) }
        }
        do {
            while !isStopped(), let block = try recording.next() {
                try transcriber.append(block, receive)
                heard += AudioBlock.duration(of: block.samples.count)
                guard let duration = recording.info.duration, duration > .zero else { continue }
                // The last step draws a line of its own, which is not wanted: text may still come.
                let percent = min(99, Int(block.end / duration * 100))
                if percent != shown { bar?.show(Double(percent) / 100) }
                shown = percent
            }
        } catch {
            failure = error
        }
        try transcriber.finish(receive)
        bar?.clear()
        for transcript in transcripts { try transcript.finish() }
        report(heard, in: .now() - begin, recording.damage)
        if let failure { throw failure }
    }

    private mutating func note(_ event: Transcriber.Event) throws {
        var line = ""
        switch event {
        case .gap(let gap): line = "\(gap)"
        case .utterance(let utterance):
            counts.utterances += 1
            counts.words += utterance.words.count
            counts.gates += utterance.gate == nil ? 0 : 1
            line = utterance.text
            if keepsText { text += line + "\n" }
        }
        guard !line.isEmpty else { return }
        try answer(line)
    }

    private func report(_ heard: Duration, in elapsed: Duration, _ damage: AudioDamage) {
        var parts = [
            "\(heard.seconds.formatted(decimals: 1)) s of sound in \(elapsed.seconds.formatted(decimals: 1)) s",
            counted(counts.utterances, "utterance", "utterances"), counted(counts.words, "word", "words"),
        ]
        if counts.gates > 0 { parts.append("\(counts.gates) not trusted") }
        for transcript in outputs { parts.append(transcript.path) }
        say("\(file): " + parts.joined(separator: ", "))
        for line in damage.lines { say("\(file): \(line)") }
    }
}
