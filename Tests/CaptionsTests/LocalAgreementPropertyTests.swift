import Captions
import Testing
import Units

/// Long speech without a pause, random hops, random changes of recognizer.
@Suite struct LocalAgreementPropertyTests {
    typealias Recognizer = SpeakerSimulation.Recognizer

    static let measuring = [
        Recognizer(hasSegments: true), Recognizer(shouts: true, jitter: 60), Recognizer(hasSegments: true, jitter: 30),
    ]
    static let mixed = measuring + [Recognizer(isApproximate: true), Recognizer(isApproximate: true, shouts: true)]

    /// Transcribes all of a simulation; checks the invariants on the way.
    private func transcribe(
        _ simulation: inout SpeakerSimulation, with recognizers: [Recognizer], switching: Double = 0.3
    ) throws -> [String] {
        var agreement = LocalAgreement()
        var recognizer = try #require(recognizers.first)
        var committed: [Word] = []
        var now = Duration.zero
        while now < simulation.end {
            now += simulation.generator.milliseconds(300...1200)
            if simulation.generator.chance(switching) {
                recognizer = try #require(recognizers.randomElement(using: &simulation.generator))
            }
            let start = agreement.windowStart
            let isLast = now >= simulation.end
            let hypothesis = simulation.hear(recognizer, from: start, to: now, isSure: isLast)
            let caption = isLast ? agreement.finish(hypothesis) : agreement.observe(hypothesis)
            #expect(agreement.windowStart >= start)
            #expect(now - agreement.windowStart < .seconds(28))
            for word in caption.committed {
                #expect(word.start >= committed.last?.end ?? .zero)
                #expect(word.end >= word.start)
                committed.append(word)
            }
            #expect(agreement.committedCount == committed.count)
            #expect(agreement.unconfirmed == caption.unconfirmed)
        }
        #expect(agreement.unconfirmed.isEmpty)
        return committed.map { WordNormalization.words($0.text).joined() }
    }

    @Test(arguments: 0..<5) func `One recognizer neither loses nor doubles a word`(seed: Int) throws {
        for recognizer in Self.mixed {
            var simulation = SpeakerSimulation(wordCount: 250, vocabulary: 300, seed: UInt64(seed))
            #expect(try transcribe(&simulation, with: [recognizer]) == simulation.truth.map(\.text))
        }
    }

    @Test(arguments: 0..<20) func `Changing recognizers neither lose nor double a word`(seed: Int) throws {
        var simulation = SpeakerSimulation(wordCount: 250, vocabulary: 300, seed: UInt64(1000 + seed))
        #expect(try transcribe(&simulation, with: Self.mixed) == simulation.truth.map(\.text))
    }

    @Test func `Words heard otherwise after they were committed do no harm`() throws {
        let careless = Self.mixed.map { recognizer in
            var recognizer = recognizer
            recognizer.mishears = 0.03
            return recognizer
        }
        var rate = WordErrorRate()
        for seed in 0..<20 {
            var simulation = SpeakerSimulation(wordCount: 250, vocabulary: 300, seed: UInt64(3000 + seed))
            let committed = try transcribe(&simulation, with: careless)
            rate += WordErrorRate(reference: simulation.truth.map(\.text), transcript: committed)
        }
        // Two successive hypotheses that mishear neighbors may agree by chance: one word in many thousands.
        #expect(rate.words == 5000)
        #expect(rate.errors <= 1)
    }

    @Test(arguments: 0..<20) func `Few different words, said again and again, are kept apart by their times`(seed: Int)
        throws
    {
        var simulation = SpeakerSimulation(wordCount: 250, vocabulary: 12, seed: UInt64(2000 + seed))
        #expect(try transcribe(&simulation, with: Self.measuring) == simulation.truth.map(\.text))
    }

    @Test(arguments: 0..<20) func `Speech split in the middle of a word neither loses nor doubles it`(seed: Int) throws
    {
        var simulation = SpeakerSimulation(wordCount: 250, vocabulary: 300, seed: UInt64(5000 + seed))
        var agreement = LocalAgreement()
        var committed: [Word] = []
        var split = Duration.zero
        while split < simulation.end {
            split = min(split + simulation.generator.milliseconds(1000...9000), simulation.end)
            // A decode may have gone beyond the split before the split was known.
            let newest = split + simulation.generator.milliseconds(0...800)
            let recognizer = try #require(Self.measuring.randomElement(using: &simulation.generator))
            for end in [split - .milliseconds(500), newest] {
                let partial = simulation.hear(recognizer, from: agreement.windowStart, to: end)
                committed += agreement.observe(partial).committed
            }
            let final = simulation.hear(recognizer, from: agreement.windowStart, to: split, isSure: true)
            committed += agreement.finish(final).committed
            agreement.begin(at: split, isContinued: true)
        }
        let rate = WordErrorRate(
            reference: simulation.truth.map(\.text), transcript: committed.map(\.text).flatMap(WordNormalization.words))
        #expect(rate == WordErrorRate(words: 250))
    }

    @Test(arguments: 0..<20)
    func `Whatever recognizers claim, committed words stay in order and the window stays short`(
        seed: Int
    ) {
        var generator = SeededGenerator(seed: UInt64(4000 + seed))
        var agreement = LocalAgreement()
        var last = Duration.zero
        var now = Duration.zero
        for _ in 0..<300 {
            now += generator.milliseconds(200...3000)
            var heard: [Word] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                let start = generator.milliseconds(-2000...40_000) + agreement.windowStart
                heard.append(
                    Word(
                        ["a", "b", "C.", "…", ""].randomElement(using: &generator) ?? "", start: start,
                        end: start + generator.milliseconds(0...900)))
            }
            let ends = (0..<3).map { _ in
                Hypothesis.SegmentEnd(
                    wordCount: Int.random(in: -2...60, using: &generator),
                    time: now - generator.milliseconds(0...30_000))
            }
            let caption = agreement.observe(Hypothesis(words: heard, segmentEnds: ends, soundEnd: now))
            for word in caption.committed {
                #expect(word.start >= last)
                last = word.end
            }
            #expect(now - agreement.windowStart < .seconds(28))
        }
    }
}
