import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Traces
import Units

/// The labelled frames of a recording.
final class TracedFrames: TracedSamples {
    private let classifiers: FrameRecognizers
    private let recording: Recording
    /// Of how many frames one is taken.
    private let step: Int
    private var frame: RecordedFrame?
    private var seen = 0
    private var left = (unlabelled: 0, damaged: 0)

    /// Between a candidate's two runs, at least: so long that a co-runner that streams memory has emptied the caches.
    private static let shortestRest = Duration.milliseconds(5)

    var recognizers: any MeasurableCandidates { classifiers }
    let count: Int?
    let interval: Double?

    init(_ recording: Recording, _ classifiers: FrameRecognizers, every step: Int) {
        self.recording = recording
        self.classifiers = classifiers
        self.step = step
        interval = recording.info.frameRate > 0 ? 1 / recording.info.frameRate : nil
        count = recording.info.frameCount.map { ($0 + step - 1) / step }
    }

    var omissions: [String] {
        [
            left.unlabelled > 0 ? "\(left.unlabelled) frames without a label were left out" : nil,
            left.damaged > 0 ? "\(left.damaged) damaged frames were left out" : nil,
        ].compactMap(\.self)
    }

    func next() throws -> Double? {
        while let event = try recording.next() {
            switch event {
            case .missing: continue
            case .damaged: left.damaged += 1
            case .frame(let frame):
                defer { seen += 1 }
                guard seen % step == 0 else { continue }
                guard frame.label != nil else {
                    left.unlabelled += 1
                    continue
                }
                self.frame = frame
                return 1
            }
        }
        return nil
    }

    /// The second of two runs counts, an interval of the stream after the first: live, a candidate mostly runs after
    /// itself, once it has waited for the next frame while others had the cores and the caches, and the cores that
    /// nobody wanted went to sleep. What goes before it counts from when it was due, since others may keep the core.
    ///
    /// A meter tells what all stages drew; each is held to have drawn its share of the time.
    func recognize(
        with candidate: Int, idlePower: Watts, meter: any EnergyMeter
    ) throws -> (preparation: Trace.Preparation, answers: [Trace.Answer]) {
        guard let frame, let label = frame.label else { return (Trace.Preparation(), []) }
        let first = MonotonicTime.now()
        try classifiers.load(frame.frame, for: candidate)
        _ = try classifiers.measure(candidate)
        let due = max(first + .seconds(interval ?? 0), MonotonicTime.now() + Self.shortestRest)
        due.sleep()
        let lateness = (MonotonicTime.now() - due).seconds
        let conversion = try measured(meter) { try classifiers.load(frame.frame, for: candidate) }
        let run = try measured(meter) { try classifiers.measure(candidate) }
        let answers = run.value.enumerated().map { index, time in
            let best = classifiers.top(1, ofStage: index + 1).first
            let isLast = index == run.value.count - 1
            return Trace.Answer(
                time: isLast ? run.time : time.seconds,
                energy: isLast ? run.energy : run.energy * min(1, time.seconds / run.time),
                quality: best?.classIndex == label.classIndex ? 1 : 0, confidence: Double(best?.score ?? 0))
        }
        let preparation = Trace.Preparation(
            time: lateness + conversion.time, energy: idlePower.value * lateness + conversion.energy)
        return (preparation, answers)
    }
}
