public import Units

/// What every candidate took and gave for every sample of a run, in memory.
///
/// Immutable and shared between threads without a lock. A sample's figures lie beside each other, so that a player
/// reads one or two cache lines a decision, and an oracle reads straight on.
public struct Trace: Sendable {
    /// What it says of itself.
    public let header: TraceHeader
    /// How many samples it has.
    public let count: Int
    /// What was left out of a file that was not whole, in words.
    public let omission: String?
    let layout: TraceLayout
    /// `count` rows of `layout.columns` figures.
    let figures: ContiguousArray<Float>

    /// One stage's answer: times and energies from the beginning of the inference.
    public struct Answer: Sendable, Hashable {
        /// When it was there, in seconds.
        public var time: Double
        /// What had been spent by then, in joules.
        public var energy: Double
        /// How good it is, 0…1; of a label, whether it is right.
        public var quality: Double
        /// How sure the recogniser was of it, 0…1, if that is known.
        public var confidence: Double?

        /// Makes an answer.
        public init(time: Double, energy: Double, quality: Double, confidence: Double? = nil) {
            self.time = time
            self.energy = energy
            self.quality = quality
            self.confidence = confidence
        }
    }

    /// What goes before a sample's inference, such as the conversion of a picture.
    public struct Preparation: Sendable, Hashable {
        /// How long it took, in seconds.
        public var time: Double
        /// What was spent on it, in joules.
        public var energy: Double

        /// Makes one; none unless told.
        public init(time: Double = 0, energy: Double = 0) {
            self.time = time
            self.energy = energy
        }
    }

    /// One sample: what every candidate did with it.
    public struct Sample: Sendable, Hashable {
        /// The power drawn while waiting for it.
        public var idlePower: Watts
        /// How large it is, relative to the size that candidates were profiled with.
        public var size: Double
        /// What went before inference.
        public var preparation: Preparation
        /// For each candidate the answers of its stages; one where it answers once.
        public var answers: [[Answer]]

        /// Makes a sample.
        public init(
            idlePower: Watts, size: Double = 1, preparation: Preparation = Preparation(),
            answers: [[Answer]]
        ) {
            self.idlePower = idlePower
            self.size = size
            self.preparation = preparation
            self.answers = answers
        }
    }

    init(header: TraceHeader, layout: TraceLayout, figures: ContiguousArray<Float>, omission: String? = nil) {
        self.header = header
        self.layout = layout
        self.figures = figures
        self.omission = omission
        count = figures.count / layout.columns
    }

    /// Makes a trace from samples in memory. Figures are kept as 32 bits, as in a file.
    /// - Throws: `TracesError` with code `damaged` for a header or a sample that cannot be.
    public init(header: TraceHeader, samples: some Sequence<Sample>) throws(TracesError) {
        try header.check()
        let layout = TraceLayout(header)
        var figures = ContiguousArray<Float>()
        for sample in samples { try layout.append(sample, header, to: &figures) }
        self.init(header: header, layout: layout, figures: figures)
    }

    /// The power drawn while waiting for a sample, in watts.
    func idlePower(_ sample: Int) -> Double { Double(figures[sample * layout.columns]) }

    /// A sample's size.
    func size(_ sample: Int) -> Double { Double(figures[sample * layout.columns + 1]) }

    /// What went before a sample's inference.
    func preparation(_ sample: Int) -> Preparation {
        let at = sample * layout.columns + 2
        return Preparation(time: Double(figures[at]), energy: Double(figures[at + 1]))
    }

    /// What one candidate gave for one sample after one stage, which is counted from 1.
    /// - Precondition: there are such a sample, candidate and stage.
    public func answer(sample: Int, candidate: Int, stage: Int) -> Answer {
        precondition((0..<count).contains(sample) && (1...layout.stages[candidate]).contains(stage))
        let at = sample * layout.columns + layout.firstColumn[candidate] + (stage - 1) * layout.figures
        return Answer(
            time: Double(figures[at]), energy: Double(figures[at + 1]), quality: Double(figures[at + 2]),
            confidence: layout.figures > 3 ? Double(figures[at + 3]) : nil)
    }

    /// One sample, as it was written. Allocates.
    public subscript(sample: Int) -> Sample {
        Sample(
            idlePower: Watts(idlePower(sample)), size: size(sample), preparation: preparation(sample),
            answers: layout.stages.indices.map { candidate in
                (1...layout.stages[candidate]).map { answer(sample: sample, candidate: candidate, stage: $0) }
            })
    }
}

extension TraceLayout {
    /// Appends a sample's row.
    func append(
        _ sample: Trace.Sample, _ header: TraceHeader, to figures: inout ContiguousArray<Float>
    ) throws(TracesError) {
        guard sample.answers.map(\.count) == stages else {
            throw TracesError(
                .damaged,
                "a sample has answers of \(sample.answers.map(\.count)) stages; the candidates have \(stages)"
            )
        }
        let start = figures.count
        figures.append(Float(sample.idlePower.value))
        figures.append(Float(sample.size))
        figures.append(Float(sample.preparation.time))
        figures.append(Float(sample.preparation.energy))
        for answers in sample.answers {
            for answer in answers {
                figures.append(Float(answer.time))
                figures.append(Float(answer.energy))
                figures.append(Float(answer.quality))
                if self.figures > 3 { figures.append(Float(answer.confidence ?? .nan)) }
            }
        }
        let fault = figures.withUnsafeBufferPointer { self.fault(in: .init(rebasing: $0[start...]), header) }
        if let fault {
            figures.removeLast(columns)
            throw TracesError(.damaged, fault)
        }
    }
}
