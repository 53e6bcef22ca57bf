import Units

extension Estimator {
    /// What to expect of a candidate that answers in stages and is stopped at the deadline.
    ///
    /// Where a stage may be sure enough to be the last, the next one's part of the time counts as often as it follows.
    // Out of the loop over the candidates, whose registers the far more common others need.
    @inline(never)
    func estimate(stagesOf candidate: Int, in outlook: Outlook) -> Estimate {
        let row = rows[candidate]
        let scale = row.scale(outlook.size)
        let change = switchCosts.cost(of: row.place)
        let left = max(outlook.time - change, 0)
        let slowdown = outlook.isFactored ? slowdowns.mean(row.traits) : outlook.slowdown
        let first = Int(row.firstStage)
        var (anyAnswer, accurateAnswer) = (0.0, 0.0)
        var accuracy = outlook.missAccuracy
        var before = outlook.missAccuracy
        for index in first..<first + Int(row.stageCount) {
            let stage = stages[index]
            let probability = probability(left, stage.time * scale, slowdown, in: outlook)
            if index == first { anyAnswer = probability }
            let own = 1 - (1 - stage.accuracy) * outlook.errorRatio
            if own >= outlook.wantedAccuracy { accurateAnswer = max(accurateAnswer, probability) }
            accuracy += probability * (own - before)
            before = own
        }
        let time = change + usedTime(left, of: row, scale, slowdown, in: outlook)
        let charged = time - change * (1 - outlook.switchShare)
        if !outlook.wantsAccurateAnswers { accurateAnswer = accuracy >= outlook.wantedAccuracy ? anyAnswer : 0 }
        return Estimate(
            time: time, probability: anyAnswer, accuracy: accuracy, energy: energy(of: row, for: charged, in: outlook),
            assurance: accurateAnswer)
    }

    /// How much of the time left is used by a candidate's stages.
    private func usedTime(
        _ left: Double, of row: Row, _ scale: Double, _ slowdown: Double, in outlook: Outlook
    ) -> Double {
        guard continuations.anyEnds else { return usedTime(left, row.time * scale, slowdown, in: outlook) }
        var (time, before, reached) = (0.0, 0.0, 1.0)
        for stage in 0..<Int(row.stageCount) {
            let used = usedTime(left, stages[Int(row.firstStage) + stage].time * scale, slowdown, in: outlook)
            time += reached * (used - before)
            reached *= continuations.share(after: Int(row.answers) + stage)
            before = used
        }
        return time
    }

    /// How much of the time left is used by what was profiled to take so long, and is stopped at its end.
    private func usedTime(_ left: Double, _ profiled: Double, _ slowdown: Double, in outlook: Outlook) -> Double {
        if outlook.isEmpirical {
            let time = profiled * slowdown
            return time * slowdowns.expectedMinimum(left / time)
        }
        let z = (left / profiled - slowdown) * outlook.certainty
        return max(left - profiled / outlook.certainty * normal.expectedRemainder(z), 0)
    }

    /// A time that was measured, what it was profiled as, and whether it only bounds the true time from below.
    typealias Measurement = (time: Double, profiled: Double, isCensored: Bool)

    /// How long the stages took that were done, and what the one that was not tells.
    ///
    /// The last stage that answered is measured whole. The one that was stopped gives a bound from below, which counts
    /// where it is the higher one; alone it is a censored measurement.
    func measurement(_ observation: Observation, of row: Row) -> Measurement {
        let scale = row.scale(observation.size)
        let time = observation.time.seconds
        let done = min(max(observation.stagesDone ?? Int(row.stageCount), 0), Int(row.stageCount))
        guard row.stageCount > 0, done < row.stageCount || !observation.isCensored else {
            return (time, row.time * scale, observation.isCensored)
        }
        let isStopped = done < row.stageCount && !observation.endedSure
        let stopped = isStopped ? stages[Int(row.firstStage) + done].time * scale : nil
        guard done > 0, let answer = observation.answerTime?.seconds ?? (stopped == nil ? time : nil) else {
            return (time, stopped ?? row.time * scale, true)
        }
        let answered = stages[Int(row.firstStage) + done - 1].time * scale
        if let stopped, time / stopped > answer / answered { return (time, stopped, false) }
        return (answer, answered, false)
    }
}
