public import Alert
public import Media
public import Recognition
public import Recordings
import Units

/// What became of one sample: one line of a results file.
///
/// What does not apply is nil, and left out of the line: a superseded sample, for one, has no answer.
public struct SampleResult: Sendable, Hashable {
    /// What kind of stream a sample belongs to.
    public enum Stream: String, Sendable, Hashable, Codable, CaseIterable {
        /// Pictures of a camera.
        case frames
        /// Speech in the sound of a microphone.
        case speech
    }

    /// The stream it belongs to.
    public var stream: Stream
    /// The sample's number in its stream, from 0.
    public var sequence: Int
    /// How many samples from that number on the line stands for, where more than one was lost at once.
    public var count: Int?
    /// The picture's file name, when a folder is replayed.
    public var file: String?
    /// When the sensor captured it, on `CLOCK_MONOTONIC`.
    public var capturedNanoseconds: Int64
    /// From capture until it reached heed.
    public var arrivalMilliseconds: Double?
    /// How sure that time is.
    public var timeQuality: TimeQuality
    /// From capture to the deadline.
    public var deadlineMilliseconds: Double
    /// What became of it.
    public var outcome: Outcome
    /// The best answer's label.
    public var label: String?
    /// The best answer's score, 0…1.
    public var score: Float?
    /// The five best answers, best first.
    public var top: [Classification]?
    /// The true answer, where the recording knows it.
    public var truth: TrueLabel?
    /// What was heard, of speech.
    public var speech: SpeechResult?
    /// Who answered, with which setting.
    public var candidate: String?
    /// The stage that answered, counted from 1, where the candidate has several; of a final text that had no time, 1.
    public var stage: Int?
    /// How many stages it has.
    public var stages: Int?
    /// What was asked for to answer and is not here, and why; nil where nothing is missing.
    public var fallback: String?
    /// Whether another processor answered than the one chosen first, which was lost meanwhile.
    public var failedOver = false
    /// How long the chosen candidate waited for cores, or a processor, that another stream had.
    public var waitedMilliseconds: Double?
    /// Whether it could not wait for them, and ran beside the other stream.
    public var isBeside = false
    /// The inference time that was expected when the candidate was chosen.
    public var predictedMilliseconds: Double?
    /// The probability of meeting the deadline that was expected then.
    public var predictedProbability: Double?
    /// The inference time that was measured.
    public var inferenceMilliseconds: Double?
    /// From capture until this line was made.
    public var latencyMilliseconds: Double?
    /// The time the choice took.
    public var schedulerMicroseconds: Double?
    /// The slow-down ξ that the choice assumed.
    public var slowdown: Double?
    /// The energy of this sample: conversion and inference, and the wait until the next sample is due.
    public var energyJoules: Double?
    /// Where that figure comes from.
    public var energySource: String?
    /// What the choice rests on: whether the goal is expected to be met, and what gives way if not.
    public var rule: Decision.Rule?
    /// Why this candidate was chosen, or why there is no answer.
    public var reason: String

    /// Whether the best answer is the true one; nil when there is no answer or no truth.
    public var isRight: Bool? {
        guard let truth, let best = top?.first else { return nil }
        return best.classIndex == truth.classIndex
    }

    /// Whether the true answer is among the five best; nil when there is no answer or no truth.
    public var isRightInFive: Bool? {
        guard let truth, let top else { return nil }
        return top.contains { $0.classIndex == truth.classIndex }
    }
}

extension SampleResult {
    /// A result of a sample that has no answer.
    init(_ stream: Stream, _ sample: Sample<some Sendable>, outcome: Outcome, reason: String) {
        self.init(
            stream: stream, sequence: sample.sequence, capturedNanoseconds: sample.captured.nanoseconds,
            arrivalMilliseconds: sample.arrived.map { ($0 - sample.captured).milliseconds.rounded(decimals: 4) },
            timeQuality: sample.timeQuality,
            deadlineMilliseconds: (sample.deadline - sample.captured).milliseconds.rounded(decimals: 6),
            outcome: outcome, reason: reason)
    }
}
