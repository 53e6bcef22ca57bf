import Media
import Recognition

extension Utterance {
    /// The shortest part that an utterance is cut into.
    private static let shortestPart = Duration.seconds(1)

    /// How long somebody speaks in it.
    var voicedLength: Duration { voiced.reduce(.zero) { $0 + ($1.upperBound - $1.lowerBound) } }

    /// The stretch of it between two places on the audio timeline.
    func part(_ range: Range<Duration>) -> Utterance {
        let range = range.clamped(to: start..<end)
        let first = AudioBlock.samples(in: range.lowerBound - start)
        let last = AudioBlock.samples(in: range.upperBound - start)
        return Utterance(
            start: start + AudioBlock.duration(of: first), samples: Array(samples[first..<last]),
            voiced: voiced.map { $0.clamped(to: range) }.filter { !$0.isEmpty })
    }

    /// Both sides of its longest pause; nil when there is none with a second or more on either side.
    func halves() -> (Utterance, Utterance)? {
        let pauses = zip(voiced, voiced.dropFirst()).map { $0.upperBound..<$1.lowerBound }.filter {
            $0.lowerBound - start >= Self.shortestPart && end - $0.upperBound >= Self.shortestPart
        }
        guard let pause = pauses.max(by: { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }) else {
            return nil
        }
        let middle = pause.lowerBound + (pause.upperBound - pause.lowerBound) / 2
        return (part(start..<middle), part(middle..<end))
    }

    /// What a recognizer that times its segments did not get to; nil where that is less than a second of speech.
    func rest(after transcription: Transcription) -> Utterance? {
        guard !transcription.timesAreApproximate, let last = transcription.segments.last?.end else { return nil }
        // Without any progress the same would come again.
        guard last >= Self.shortestPart else { return nil }
        let rest = part(min(start + last, end)..<end)
        return rest.voicedLength >= Self.shortestPart ? rest : nil
    }
}
