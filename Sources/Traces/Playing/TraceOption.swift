import Alert

/// One thing a policy may choose in a trace: a candidate, whole or stopped after one of its stages.
struct TraceOption: Sendable, BitwiseCopyable {
    /// Where its first stage's figures lie in a sample's row.
    var firstColumn: Int
    /// How many stages it runs.
    var stages: Int
    /// Whether it is stopped at the deadline, with the last stage done by then as its answer.
    var isAnytime: Bool
    /// Where its stages' accuracies lie among the player's.
    var firstAccuracy: Int
}

/// What became of one sample, given who recognised it and the deadline. Seconds and joules.
struct Outcome: Sendable, BitwiseCopyable {
    /// When the run ended or was stopped.
    var time: Double
    /// What was spent until then.
    var energy: Double
    /// When the last stage that was done answered; 0 when none was.
    var answerTime: Double
    /// The stage that gave the answer by the deadline; 0 when none did.
    var stage: Int
    /// The stages that were done when the run ended.
    var stagesDone: Int
    /// When the first answer was there, or would have been.
    var firstAnswer: Double
}

extension TraceOption {
    /// What this choice comes to.
    ///
    /// A recogniser that answers once runs to its end, late or not. One that answers in stages is stopped at the
    /// deadline: the stage it is in then has spent its energy in proportion to its time.
    @inline(__always)
    func outcome(_ row: UnsafePointer<Float>, figures: Int, deadline: Double) -> Outcome {
        let first = row + firstColumn
        let firstAnswer = Double(first[0])
        guard isAnytime else {
            let isMet = firstAnswer <= deadline
            return Outcome(
                time: firstAnswer, energy: Double(first[1]), answerTime: firstAnswer, stage: isMet ? 1 : 0,
                stagesDone: 1, firstAnswer: firstAnswer)
        }
        var done = 0
        var (time, energy) = (0.0, 0.0)
        while done < stages {
            let next = first + done * figures
            let (nextTime, nextEnergy) = (Double(next[0]), Double(next[1]))
            guard nextTime <= deadline else {
                let share = (deadline - time) / (nextTime - time)
                return Outcome(
                    time: deadline, energy: energy + share * (nextEnergy - energy), answerTime: time, stage: done,
                    stagesDone: done, firstAnswer: firstAnswer)
            }
            (time, energy) = (nextTime, nextEnergy)
            done += 1
        }
        return Outcome(
            time: time, energy: energy, answerTime: time, stage: done, stagesDone: done, firstAnswer: firstAnswer)
    }
}
