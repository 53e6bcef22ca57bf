import Alert
import Machine
import Media
import Recognition

extension StreamLane {
    /// An inference that worked.
    struct Attempt {
        var decision: Decision
        var inference: Inference
        /// How long it took to convert the sample, and what was spent on that.
        var conversion: (time: Duration, energy: EnergyReading)
        /// The meter after that.
        var energyLoaded: EnergyReading
        /// What it had to stop at; nil where it answers once.
        var limit: StageLimit?
        /// Who was at work when it began.
        var others: LaneActivity.Mark
        /// The share of its time for which it had its cores to itself.
        var share: Double
        /// Whether no other candidate was tried before.
        var isFirst = true
        /// What it waited for another stream.
        var wait = Wait()
    }

    /// Runs the chosen candidate or, where that fails for a reason that spares others, those that are chosen in its
    /// place.
    ///
    /// - Parameter result: The sample's result, which then tells of the one that worked, or why none did.
    /// - Returns: nil where none works.
    func attempt(
        _ sample: Sample<Stage.Payload>, _ first: Decision, _ result: inout SampleResult, _ choice: SamplePlan.Choice,
        period: Duration
    ) -> Attempt? {
        var decision = first
        var tried = CandidateSet()
        var lost: Int?
        // Ends: a candidate is tried once.
        while true {
            guard
                let wait = takeCores(
                    sample, &decision, &result, choice, period: period, without: tried, lost: lost)
            else {
                return nil
            }
            do {
                var attempt = try run(decision, on: sample, choice)
                (attempt.isFirst, attempt.wait) = (tried.isEmpty, wait)
                return attempt
            } catch {
                tried.insert(decision.candidate)
                if mayOthersTry(after: decision, error) {
                    let isLost = error is RecognitionError
                    let failedOver = result.failedOver || isLost
                    lost = isLost ? decision.candidate : nil
                    let (other, told) = scheduler.decide(sample, choice, period: period, without: tried, lost: lost)
                    if let other {
                        (decision, result) = (other, told)
                        result.failedOver = failedOver
                        continue
                    }
                }
                result.outcome = .failed
                result.reason = "\(error)"
                return nil
            }
        }
    }

    /// Runs a candidate that has its cores, and gives these back.
    private func run(
        _ decision: Decision, on sample: Sample<Stage.Payload>, _ choice: SamplePlan.Choice
    ) throws -> Attempt {
        var share: Double?
        defer { if share == nil { _ = scheduler.share?.giveBack() } }
        try scheduler.power?.set(for: decision.candidate)
        let others = activity.mark
        let (start, energyBefore) = (clock.now(), meter.reading())
        try stage.load(sample, for: decision.candidate)
        let energyLoaded = meter.reading()
        let conversion = (clock.now() - start, energyLoaded - energyBefore)
        let limit = scheduler.limit(of: decision.candidate, until: sample.deadline)
        // A simulated machine says afterwards how long stages took.
        var inference = try stage.infer(with: decision.candidate, within: simulation == nil ? limit : nil)
        simulation?.run(
            &inference, as: scheduler.policy.candidates[decision.candidate], size: choice.size, within: limit)
        let own = scheduler.share?.giveBack() ?? 1
        share = own
        return Attempt(
            decision: decision, inference: inference, conversion: conversion, energyLoaded: energyLoaded, limit: limit,
            others: others, share: own)
    }

    /// Whether others may recognise a sample whose candidate failed: because of its processor, which is lost with it,
    /// or because it was given up, or its power setting withdrawn, since it was chosen.
    private func mayOthersTry(after failed: Decision, _ error: any Error) -> Bool {
        if error is NotResident || error is PowerWithdrawn { return true }
        guard let error = error as? RecognitionError, [.processorLost, .inferenceFailed].contains(error.code) else {
            return false
        }
        return stage.lose(failed.candidate, because: error.reason)
    }
}
