import Alert
import Machine
import Media
import Units

extension StreamLane {
    /// A wait for what another stream had.
    struct Wait {
        var time = Duration.zero
        /// What was spent meanwhile; nil where nobody waited.
        var energy: EnergyReading?
    }

    /// Takes the cores that the chosen candidate needs; blocks while another lane has them.
    ///
    /// When it has waited it is decided anew, with the time that is left, among those that what is there is enough for.
    /// - Returns: What it waited; nil, with the result saying so, when the time for an answer has passed. Then, and
    ///   only then, nothing is to be given back.
    func takeCores(
        _ sample: Sample<Stage.Payload>, _ decision: inout Decision, _ result: inout SampleResult,
        _ choice: SamplePlan.Choice, period: Duration, without tried: CandidateSet, lost: Int?
    ) -> Wait? {
        guard let share = scheduler.share else { return Wait() }
        let before = meter.reading()
        let patience = scheduler.patience(for: decision, until: sample.deadline)
        let turn = share.take(for: decision, deadline: sample.deadline, patience: patience)
        let energy = meter.reading() - before
        if turn.isBeside {
            result.isBeside = true
            result.reason += "; begun beside another stream, for which it cannot wait"
        } else if turn.waited > .zero {
            let first = result
            // What was asked for is there, even where others have begun beside it since.
            var missing = share.neighbours.delayed
            missing.remove(decision.candidate)
            let (other, told) = scheduler.decide(
                sample, choice, period: period, without: tried.union(missing), lost: lost)
            result = told
            result.failedOver = first.failedOver
            if let one = first.schedulerMicroseconds, let two = told.schedulerMicroseconds {
                result.schedulerMicroseconds = (one + two).rounded(decimals: 3)
            }
            guard let other else {
                _ = share.giveBack()
                return nil
            }
            decision = other
            result.isBeside = !share.change(to: other)
            result.reason += "; waited \(turn.waited.words) for another stream"
        }
        guard turn.waited > .zero else { return Wait() }
        result.waitedMilliseconds = turn.waited.milliseconds.rounded(decimals: 4)
        return Wait(time: turn.waited, energy: energy)
    }
}
