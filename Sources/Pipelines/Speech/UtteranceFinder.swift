public import Captions
public import Media
public import Recognition

/// Finds the utterances in a stream of sound: without evidence of speech nothing comes out, and nothing is decoded.
///
/// Holds at most one utterance and the pre-roll of the next, half a minute, however long the stream is. Belongs to one
/// thread at a time; a second of sound takes a few milliseconds.
public final class UtteranceFinder {
    /// What was found.
    public enum Event: Sendable, Hashable {
        /// An utterance, complete.
        case utterance(Utterance)
        /// Sound is missing in the stream.
        case gap(Gap)
    }

    /// Less missing sound than this is taken for silence, so that a crackle does not cut a word in two.
    public static let shortestGap = Duration.milliseconds(500)
    /// What an onset may take until it counts as speech, kept beside the pre-roll.
    private static let onset = Duration.seconds(1)

    private let detector: VoiceActivityDetector
    private let configuration: SpeechSegmenter.Configuration
    /// Nil before the first block.
    private var segmenter: SpeechSegmenter?
    private var buffer: [Float] = []
    private var bufferStart = Duration.zero
    /// How many samples of the buffer the detector has heard.
    private var heard = 0
    private var voiced: [Range<Duration>] = []
    /// Where the open utterance begins, on the audio timeline; nil when none is open.
    public private(set) var open: Duration?
    /// Whether the open utterance was split off from the one before.
    private var isContinued = false

    /// Makes a finder at the start of a stream. The detector is reset, and belongs to the finder from now on.
    ///
    /// A hard limit above 29 s counts as that: recognizers take 30 s.
    public init(detector: VoiceActivityDetector, configuration: SpeechSegmenter.Configuration = .init()) {
        self.detector = detector
        var configuration = configuration
        configuration.frame = AudioBlock.duration(of: detector.frameSize)
        configuration.hardLimit = min(configuration.hardLimit, .seconds(29))
        self.configuration = configuration
        detector.reset()
    }

    /// Up to where sound was listened to, on the audio timeline.
    public var time: Duration { segmenter?.time ?? .zero }
    /// Where the last voiced sound ended; zero before any.
    public var voicedEnd: Duration { voiced.last?.upperBound ?? .zero }

    /// The open utterance so far, from `start` on if it began earlier; nil when none is open.
    public func openUtterance(from start: Duration = .zero) -> Utterance? {
        open.flatMap { utterance(max($0, start)..<max($0, start, time)) }
    }

    /// Takes in the next block; blocks may leave gaps, but never go back.
    ///
    /// Throws what `report` throws, and `RecognitionError` when the detector fails.
    public func append(_ block: AudioBlock, _ report: (Event) throws -> Void) throws {
        guard segmenter != nil else {
            start(at: block.position)
            return try hear(block.samples, report)
        }
        let end = bufferStart + AudioBlock.duration(of: buffer.count)
        let missing = block.position - end
        guard missing >= Self.shortestGap else {
            if missing > .zero { buffer += [Float](repeating: 0, count: AudioBlock.samples(in: missing)) }
            return try hear(block.samples, report)
        }
        let gap = Gap(start: end, length: missing)
        try hearRest(report)
        try handle(segmenter?.skip(gap), report)
        try report(.gap(gap))
        start(at: block.position)
        try hear(block.samples, report)
    }

    /// Ends the stream; an open utterance ends with it. The next block begins another stream.
    public func finish(_ report: (Event) throws -> Void) throws {
        defer { segmenter = nil }
        // A recognizer that hears sound break off in mid-word makes up how it goes on.
        if open != nil { buffer += [Float](repeating: 0, count: AudioBlock.samples(in: configuration.pad)) }
        try hearRest(report)
        try handle(segmenter?.finish(), report)
    }

    private func start(at position: Duration) {
        segmenter = SpeechSegmenter(configuration, start: position)
        buffer = []
        bufferStart = position
        heard = 0
        voiced = []
        open = nil
        isContinued = false
        detector.reset()
    }

    private func hear(_ samples: [Float], _ report: (Event) throws -> Void) throws {
        buffer += samples
        while buffer.count - heard >= detector.frameSize {
            let probability = try buffer.withUnsafeBufferPointer {
                try detector.probability(of: UnsafeBufferPointer(rebasing: $0[heard..<heard + detector.frameSize]))
            }
            let from = bufferStart + AudioBlock.duration(of: heard)
            heard += detector.frameSize
            if Double(probability) >= configuration.on { noteVoiced(from..<from + configuration.frame) }
            try handle(segmenter?.observe(Double(probability)), report)
        }
        forget()
    }

    /// Lets the detector hear what is less than a frame, silence after it.
    private func hearRest(_ report: (Event) throws -> Void) throws {
        let rest = (buffer.count - heard) % detector.frameSize
        try hear([Float](repeating: 0, count: rest == 0 ? 0 : detector.frameSize - rest), report)
    }

    private func handle(_ event: SpeechSegmenter.Event?, _ report: (Event) throws -> Void) throws {
        switch event {
        case .speechStarted(let start, _): open = start
        case .speechContinues, nil: break
        case .speechEnded(let end):
            let utterance = utterance(until: end)
            open = nil
            isContinued = false
            try utterance.map { try report(.utterance($0)) }
        case .speechSplit(let end):
            let utterance = utterance(until: end)
            open = end
            isContinued = true
            try utterance.map { try report(.utterance($0)) }
        }
    }

    private func utterance(until end: Duration) -> Utterance? {
        open.flatMap { utterance($0..<max($0, end)) }
    }

    private func utterance(_ wanted: Range<Duration>) -> Utterance? {
        let range = max(wanted.lowerBound, bufferStart)..<max(wanted.upperBound, bufferStart)
        let first = AudioBlock.samples(in: range.lowerBound - bufferStart)
        let last = min(AudioBlock.samples(in: range.upperBound - bufferStart), buffer.count)
        guard first < last else { return nil }
        return Utterance(
            start: range.lowerBound, samples: Array(buffer[first..<last]),
            voiced: voiced.map { $0.clamped(to: range) }.filter { !$0.isEmpty }, isContinued: isContinued)
    }

    private func noteVoiced(_ range: Range<Duration>) {
        if let last = voiced.last, last.upperBound == range.lowerBound {
            voiced[voiced.count - 1] = last.lowerBound..<range.upperBound
        } else {
            voiced.append(range)
        }
    }

    /// Lets go of sound that no utterance can need any more.
    private func forget() {
        guard let time = segmenter?.time else { return }
        let needed = open ?? time - configuration.preRoll - Self.onset
        let old = min(AudioBlock.samples(in: needed - bufferStart), heard)
        // Moving what stays for each block would cost more than it frees.
        guard old >= AudioBlock.rate else { return }
        buffer.removeFirst(old)
        bufferStart += AudioBlock.duration(of: old)
        heard -= old
        voiced.removeAll { $0.upperBound <= bufferStart }
    }
}
