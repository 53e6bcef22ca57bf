extension CandidateProfile {
    /// Whether it answers in stages, or is one that does and is stopped after its first.
    public var isAnytime: Bool { !stages.isEmpty }

    /// The same recogniser, stopped after `stage`, which is counted from 1; `nil` where there is no such stage.
    ///
    /// Stopped after the last stage it is the candidate itself. The power is the whole run's: a stop saves time.
    public func stopped(after stage: Int) -> CandidateProfile? {
        guard (1...max(stages.count, 1)).contains(stage), !stages.isEmpty else { return nil }
        guard stage < stages.count else { return self }
        var stopped = self
        stopped.candidate.stage = stage
        stopped.time = stages[stage - 1].time
        stopped.accuracy = stages[stage - 1].accuracy
        stopped.stages = Array(stages.prefix(stage))
        return stopped
    }

    /// The candidate stopped after each of its stages, the whole of it last; only itself where it answers once.
    public var stops: [CandidateProfile] {
        stages.isEmpty ? [self] : (1...stages.count).compactMap { stopped(after: $0) }
    }

    /// Takes in what is known of how accurate each stage is; of one that answers once, how accurate it is.
    public mutating func setAccuracies(_ accuracies: [Double]) {
        accuracy = accuracies.last ?? 0
        for (stage, accuracy) in zip(stages.indices, accuracies) { stages[stage].accuracy = accuracy }
    }

    /// Refuses stages that no measurement can have given.
    func checkStages() throws(AlertError) {
        func refuse(_ what: String) -> AlertError {
            AlertError(.invalidProfile, "profile of \(candidate.name): \(what); profile the machine again")
        }
        guard let last = stages.last else {
            if let stage = candidate.stage { throw refuse("it stops after stage \(stage) but has no stages") }
            return
        }
        var before = 0.0
        for (index, stage) in stages.enumerated() {
            let (median, mean, least) = (stage.time.median, stage.time.mean, stage.time.minimum)
            guard median > 0, median.isFinite, mean > 0, mean.isFinite, least > 0, least.isFinite else {
                throw refuse("stage \(index + 1) has a time that is not above 0 ms")
            }
            guard median >= before else { throw refuse("stage \(index + 1) answers before the stage it builds on") }
            guard (0...1).contains(stage.accuracy) else {
                throw refuse("accuracy of stage \(index + 1) is \(stage.accuracy), expected a share between 0 and 1")
            }
            before = median
        }
        guard last.time == time, last.accuracy == accuracy else {
            throw refuse("its last stage has another time or accuracy than the whole")
        }
        if let stage = candidate.stage, stage != stages.count {
            throw refuse("it stops after stage \(stage) but has \(stages.count)")
        }
    }
}
