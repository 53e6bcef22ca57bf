import Alert
import Captions
import Media
import Units

/// Recognises speech: agrees on words while somebody speaks, and settles them at the end of each utterance.
///
/// The recogniser may change at commit boundaries only: at the beginning of an utterance, and after a step that
/// committed words. Behind schedule it gives things up step by step, and says so.
final class SpeechStage: RecognitionStage {
    private let recognizers: SpeechRecognizers
    private let progress: SpeechPace
    private let deadline: StreamDeadline
    private let hops: HopPlanner.Configuration
    private let isPaced: Bool
    private var agreement = LocalAgreement()
    private var ladder: BacklogLadder
    private var group = GroupDeadline(budget: .zero, inputs: 0)
    /// Whether an input of the group is being worked on.
    private var isGroupWaiting = false
    /// The utterance that the agreement is about.
    private var utterance = -1
    /// Who decoded it last, as long as no other may.
    private var held: Int?
    /// Who gave the last hypothesis of the utterance, and up to where it heard; nil where it is not trusted.
    private var hypothesis: (candidate: Int, end: Duration)?
    /// The committed words of the utterance.
    private var words: [Word] = []
    /// Up to where waiting sound is dropped.
    private var droppedUntil = Duration.zero
    /// The task that is being recognised, and what its sound was understood as.
    private var task: (task: SpeechTask, sound: Utterance)?
    private var understood: TranscribedUtterance?

    init(
        recognizers: SpeechRecognizers, progress: SpeechPace, deadline: StreamDeadline, isPaced: Bool,
        hops: HopPlanner.Configuration = .init(), ladder: BacklogLadder.Configuration = .init()
    ) {
        self.recognizers = recognizers
        self.progress = progress
        self.deadline = deadline
        self.isPaced = isPaced
        self.hops = hops
        self.ladder = BacklogLadder(ladder)
    }

    var interval: Duration { progress.state.hop }
    let hasUniformSamples = false

    static func result(of sample: Sample<SpeechTask>, outcome: Outcome, reason: String) -> SampleResult {
        var result = SampleResult(.speech, sample, outcome: outcome, reason: reason)
        let task = sample.payload
        let kind: SpeechResult.Kind
        let range: Range<Duration>
        switch task.kind {
        case .partial(let sound): (kind, range) = (.partial, sound.start..<sound.end)
        // The words of a whole utterance that nobody decodes are missing, which is not the same as silence.
        case .final(let sound): (kind, range) = (outcome == .superseded ? .gap : .final, sound.start..<sound.end)
        case .lost(let gap, _): (kind, range) = (.gap, gap.start..<gap.end)
        }
        result.speech = SpeechResult(
            kind: kind, utterance: task.utterance, start: range.lowerBound, end: range.upperBound, heard: task.heard)
        return result
    }

    func plan(_ sample: Sample<SpeechTask>, at now: MonotonicTime) -> SamplePlan {
        let task = sample.payload
        let sound: Utterance
        switch task.kind {
        case .lost(_, let reason): return .settled(Self.result(of: sample, outcome: .lost, reason: reason))
        case .partial(let asked), .final(let asked): sound = asked
        }
        if task.utterance != utterance { begin(task, sound) }
        if isPaced, let reason = fallenBehind(now - sample.captured, task, sound) {
            return .settled(dropped(sample, reason))
        }
        let start = max(sound.start, agreement.windowStart)
        let window = sound.part(min(start, sound.end)..<sound.end)
        self.task = (task, window)
        understood = nil

        var choice = SamplePlan.Choice()
        choice.size = (window.end - window.start) / SpeechRecognizers.unit
        if case .final = task.kind {
            choice.deadline = groupDeadline(upTo: deadline.value * 2)
            choice.mustAnswer = true
            // It settles all words, whoever heard those before.
            choice.candidates = recognizers.candidates(for: .final)
            // After the last word there is only the silence by which the end was known.
            if let hypothesis, let spoken = sound.voiced.last, spoken.upperBound <= hypothesis.end {
                choice.standing = hypothesis.candidate
            }
        } else {
            choice.deadline = groupDeadline(upTo: deadline.value)
            choice.candidates = recognizers.candidates(for: .partial, as: held)
            choice.others = recognizers.candidates(for: .partial)
        }
        // With half the time left in reserve a smaller recogniser is the better choice.
        if ladder.step >= .smallerRecognizer { choice.reserve = 0.5 }
        return .choose(choice)
    }

    var ready: CandidateSet { recognizers.models.ready }
    var losses: String? { recognizers.models.losses }
    var processorOrder: [String] { recognizers.processorOrder }

    func note(slowdown: Double) { recognizers.models.note(slowdown: slowdown) }

    func lose(_ candidate: Int, because reason: String) -> Bool {
        held = nil
        return recognizers.models.lose(candidate, because: reason)
    }

    func load(_: Sample<SpeechTask>, for _: Int) throws {}

    func infer(with candidate: Int, within _: StageLimit?) throws -> Inference {
        guard let (_, sound) = task, !sound.samples.isEmpty else { return Inference(time: .zero, runs: 0) }
        let begin = MonotonicTime.now()
        let understood = try recognizers.decode(sound, with: candidate)
        self.understood = understood
        held = candidate
        return Inference(
            time: .now() - begin, runs: understood.decodes, confidence: understood.confidence)
    }

    func answer(of candidate: Int, after _: Inference, predicted: Duration, into result: inout SampleResult) {
        guard let (task, sound) = task else { return }
        if let understood { hypothesis = understood.gate == nil ? (candidate, sound.end) : nil }
        let caption = step(task, sound)
        words += caption.committed
        // Words were settled, or the utterance is over: another recogniser may go on.
        if !caption.committed.isEmpty { held = nil }
        result.speech?.committed = caption.committed
        result.speech?.unconfirmed = caption.unconfirmed
        result.speech?.gate = understood?.gate
        result.speech?.rejected = understood?.rejected
        if ladder.step > .normal { result.speech?.backlog = ladder.step }
        if case .final = task.kind {
            result.speech?.text = words.text
            held = nil
        }
        progress.update { $0.windowStart = agreement.windowStart }
        if case .partial = task.kind {
            let hop = hops.hop(decodeTime: predicted) * (progress.state.isStretched ? hops.stretch : 1)
            progress.update { ($0.decodeTime, $0.hop) = (predicted, hop) }
            result.speech?.hop = hop
        }
    }

    /// What the captions make of what was understood.
    private func step(_ task: SpeechTask, _ sound: Utterance) -> Caption {
        let heard = understood.map {
            Hypothesis(words: $0.words, segmentEnds: $0.segmentEnds, soundEnd: sound.end)
        }
        switch task.kind {
        // Where the whole is not trusted, what was heard of its parts stands, unless there was no speech at all.
        case .final where understood?.words.isEmpty == true && understood?.gate.map(Self.denySpeech) == false:
            return agreement.finish(nil)
        case .final: return agreement.finish(heard)
        case .partial, .lost:
            // What a gate does not trust says nothing: the words shown stay.
            guard let heard, understood?.gate == nil else {
                return Caption(unconfirmed: agreement.unconfirmed)
            }
            return agreement.observe(heard)
        }
    }

    /// The gates that say that nobody spoke.
    private static func denySpeech(_ gate: HypothesisGates.Gate) -> Bool { gate == .noSpeech || gate == .annotation }

    func giveUp(_ sample: Sample<SpeechTask>, into result: inout SampleResult) {
        let isCurrent = sample.payload.utterance == utterance
        // Whoever was held had no time, or failed: another may go on, from what is committed.
        held = nil
        hypothesis = nil
        guard case .final(let sound) = sample.payload.kind else {
            agreement.forgetUnconfirmed()
            return
        }
        // What was heard so far stands; the rest is missing.
        let caption = isCurrent ? agreement.finish(nil) : Caption()
        if isCurrent { words += caption.committed }
        result.speech?.committed = caption.committed
        let heard = isCurrent ? words.last?.end ?? sound.start : sound.start
        guard heard < sound.end else {
            result.speech?.text = words.text
            return
        }
        result.speech?.kind = .gap
        result.speech?.start = max(sound.start, heard)
    }

    func wasEmitted(_ result: SampleResult, latency: Duration?) {
        // What was not recognised took no time of the others.
        if isGroupWaiting { group.finish(taking: latency ?? .zero) }
        isGroupWaiting = false
        progress.update { $0.pending -= 1 }
    }

    private func begin(_ task: SpeechTask, _ sound: Utterance) {
        utterance = task.utterance
        agreement.begin(at: sound.start, isContinued: sound.isContinued)
        group = GroupDeadline(budget: .zero, inputs: 0)
        words = []
        held = nil
        hypothesis = nil
    }

    /// The deadline of the utterance's next input: what others were late shrinks it, to no less than half the goal's;
    /// what they left over lengthens it, up to `limit`.
    private func groupDeadline(upTo limit: Duration) -> Duration {
        let deadline = deadline.value
        group.add(inputs: 1, budget: deadline)
        isGroupWaiting = true
        return max(deadline / 2, min(group.next ?? deadline, limit))
    }

    /// Takes in how long a sample has waited; says why it is dropped, if it is.
    private func fallenBehind(_ delay: Duration, _ task: SpeechTask, _ sound: Utterance) -> String? {
        let action = ladder.observe(delay: delay, oldest: sound.start, now: task.heard)
        progress.update {
            $0.isStretched = ladder.step >= .longerHop
            $0.isFinalOnly = ladder.step >= .finalOnly
        }
        guard case .final = task.kind else { return nil }
        if let gap = action?.gap { droppedUntil = max(droppedUntil, gap.end) }
        guard sound.start < droppedUntil else { return nil }
        return "\(delay.words) behind: the oldest sound is dropped"
    }

    /// The result of sound that there is no time for.
    private func dropped(_ sample: Sample<SpeechTask>, _ reason: String) -> SampleResult {
        var result = Self.result(of: sample, outcome: .expired, reason: reason)
        giveUp(sample, into: &result)
        result.speech?.backlog = ladder.step
        return result
    }
}
