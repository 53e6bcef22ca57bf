import Captions
import Media
import Units

/// Listens to sound as it comes and asks for words: partial ones while somebody speaks, final ones at the end of each
/// utterance. Belongs to the thread that feeds the gate.
final class SpeechListener {
    /// After so long without sound a microphone is away, and an utterance is over.
    static let patience = Duration.seconds(1)
    /// Why sound is missing, where nobody says more.
    private static let noSound = "the recording has no sound here"

    private let finder: UtteranceFinder
    private let deadline: StreamDeadline
    private let gate: SampleGate<SpeechTask>
    private let progress: SpeechPace
    private let waitsForAnswers: Bool
    private var planner: HopPlanner
    /// Up to where sound was heard, when that was captured, and when it reached heed.
    private var heard = Duration.zero
    private var captured = MonotonicTime(nanoseconds: 0)
    private var arrived: MonotonicTime?
    private var timeQuality = TimeQuality.scheduled
    private var sequence = 0
    private var utterance = 0
    /// Whether the open utterance is known to the planner.
    private var isPlanned = false
    /// Up to where voice was decoded.
    private var decodedVoice = Duration.zero
    /// Whether the sound has ended, for now: the finder would take what comes next for another stream.
    private var isPaused = false
    /// Why sound is missing before the newest piece, if it is.
    private var gapReason = SpeechListener.noSound

    /// Makes a listener. Where time is not kept it `waitsForAnswers`: words are asked for as if decoding took no time.
    init(
        finder: UtteranceFinder, planner: HopPlanner.Configuration, deadline: StreamDeadline,
        gate: SampleGate<SpeechTask>, progress: SpeechPace, waitsForAnswers: Bool
    ) {
        self.finder = finder
        self.planner = HopPlanner(planner)
        self.deadline = deadline
        self.gate = gate
        self.progress = progress
        self.waitsForAnswers = waitsForAnswers
    }

    /// Takes in the next sound; `captured` is when its last sample was, `arrived` when it reached heed.
    func hear(
        _ piece: AudioBlock, captured: MonotonicTime, arrived: MonotonicTime?, quality: TimeQuality
    ) throws {
        gapReason = piece.missing?.words ?? Self.noSound
        if isPaused, piece.position - heard >= UtteranceFinder.shortestGap {
            ask(.lost(Gap(start: heard, length: piece.position - heard), reason: gapReason))
        }
        isPaused = false
        heard = piece.end
        self.captured = captured
        self.arrived = arrived
        timeQuality = quality
        try finder.append(piece, handle)
        askForPartial()
    }

    /// No more sound comes, at least for now: an open utterance ends here. Its words are due from `moment` on, when
    /// that was noticed; without one, from the last sound.
    func pause(at moment: MonotonicTime? = nil) throws {
        guard !isPaused else { return }
        isPaused = true
        if let moment { (captured, arrived) = (moment, moment) }
        try finder.finish(handle)
    }

    /// Hears all that `hearing` brings, then pauses: what was heard before an error is still worth its words.
    ///
    /// Throws what `hearing` throws, or else what became of the last words.
    func hearOut(_ hearing: () throws -> Void) throws {
        var failure: (any Error)?
        do { try hearing() } catch { failure = error }
        do { try pause() } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    private func handle(_ event: UtteranceFinder.Event) {
        switch event {
        case .utterance(let sound):
            ask(.final(sound))
            utterance += 1
            isPlanned = false
        case .gap(let gap):
            ask(.lost(gap, reason: gapReason))
        }
    }

    /// Asks for the words of the open utterance so far, when enough of it is new and nothing else is being decoded.
    private func askForPartial() {
        guard let open = finder.open else { return }
        let state = progress.state
        if !isPlanned {
            isPlanned = true
            decodedVoice = open
            planner.begin(at: open)
        }
        // Silence has no words, and the final text is about to be asked for.
        guard !state.isFinalOnly, finder.voicedEnd > decodedVoice else { return }
        if state.pending == 0 { planner.finished() }
        planner.expect(decodeTime: state.decodeTime)
        planner.isStretched = state.isStretched
        guard planner.next(soundUntil: finder.time) == .decode,
            let sound = finder.openUtterance(from: state.windowStart)
        else { return }
        planner.started(until: finder.time)
        decodedVoice = finder.voicedEnd
        ask(.partial(sound))
    }

    private func ask(_ kind: SpeechTask.Kind) {
        var isPartial = false
        if case .partial = kind { isPartial = true }
        let sample = Sample(
            sequence: sequence, captured: captured, arrived: arrived, timeQuality: timeQuality,
            deadline: captured + deadline.value, isReplaceable: isPartial,
            payload: SpeechTask(kind: kind, utterance: utterance, heard: heard))
        sequence += 1
        progress.update { $0.pending += 1 }
        // When the run is ended in mid-speech, what was said is still worth its words.
        guard gate.push(sample, completes: !isPartial) else { return progress.update { $0.pending -= 1 } }
        if waitsForAnswers { progress.waitUntilIdle(orUntil: { gate.isStopping }) }
    }
}
