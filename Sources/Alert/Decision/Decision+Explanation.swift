import Units

extension Decision {
    /// Why this candidate, in words, such as `efficientnet-lite2-fp32, 2 threads: 97 % sure to meet 40 ms;
    /// efficientnet-lite1-fp32 would save 0.10 J but cost 1.2 points`.
    ///
    /// Made only when asked; allocates.
    /// - Parameters:
    ///   - candidates: those of the policy that decided.
    ///   - goal: the goal it decided for.
    ///   - timeLeft: the time until the deadline that it was given.
    public func explanation(candidates: [CandidateProfile], goal: Goal, timeLeft: Duration) -> String {
        let chosen = candidates[candidate].candidate
        let reason: String
        switch rule {
        case .goalMet, .energyPriced, .energyRelaxed, .accuracyRelaxed:
            reason = [bounds(candidates[candidate], goal, timeLeft), tradeOff(candidates, goal)].compactMap { $0 }
                .joined(separator: "; ")
        case .deadlineUnlikely:
            let wanted = "no candidate is \(Words.percent(goal.confidence)) sure to meet \(deadline(goal, timeLeft))"
            reason = "\(wanted); this one is the likeliest (\(Words.percent(prediction.probability)))"
        case .confidenceRelaxed:
            let wanted = "no candidate is \(Words.percent(goal.confidence)) sure to keep every bound"
            reason = "\(wanted); this one is the likeliest, \(surety(goal, timeLeft))\(spending(goal))"
        case .fixed:
            reason = "always chosen; \(surety(goal, timeLeft))"
        case .learned:
            reason = "learned to be worth most; \(surety(goal, timeLeft))"
        case .tried:
            reason = "tried in order to learn; \(surety(goal, timeLeft))"
        }
        let stage = chosen.stage.map { ", up to stage \($0)" } ?? ""
        return "\(chosen.recognizer), \(chosen.setting.words)\(stage): \(reason)"
    }

    /// What of the goal the choice is expected to meet, and what not.
    private func bounds(_ chosen: CandidateProfile, _ goal: Goal, _ timeLeft: Duration) -> String {
        switch (rule, goal.objective) {
        case (.goalMet, .minimizeEnergy(let accuracy)):
            let energy = "least energy (\(Words.energy(prediction.energy)))"
            // The bound may be one on answers in time, which the expected accuracy counts late ones against.
            return prediction.accuracy >= accuracy
                ? "\(energy) with expected accuracy \(compared(prediction.accuracy, accuracy))"
                : "\(energy) with answers of accuracy \(compared(chosen.accuracy, accuracy))"
        case (.accuracyRelaxed, .minimizeEnergy(let accuracy)):
            let wanted =
                "no candidate is \(Words.percent(goal.confidence)) sure to answer in time with accuracy "
                + Words.accuracy(accuracy)
            return "\(wanted); this one is the most accurate (\(Words.accuracy(prediction.accuracy))), "
                + surety(goal, timeLeft)
        case (.energyRelaxed, .minimizeError(let energy?)):
            let wanted = "no candidate in time stays within \(Words.energy(energy))"
            return "\(wanted); this one is the most accurate (\(Words.energy(prediction.energy))), "
                + surety(goal, timeLeft)
        default:
            return surety(goal, timeLeft)
        }
    }

    /// `0.88 ≥ 0.85`, with as many decimals as it takes to tell them apart.
    private func compared(_ value: Double, _ bound: Double) -> String {
        let places = abs(value - bound) < 0.005 ? 4 : 2
        return "\(Words.decimal(value, places: places)) ≥ \(Words.decimal(bound, places: places))"
    }

    /// What it may spend, and is not sure enough to stay within; empty where another bound is the unsure one.
    private func spending(_ goal: Goal) -> String {
        guard case .minimizeError(let bound?) = goal.objective, prediction.probability >= goal.confidence else {
            return ""
        }
        return ", \(Words.energy(prediction.energy)) expected of \(Words.energy(bound))"
    }

    private func surety(_ goal: Goal, _ timeLeft: Duration) -> String {
        "\(Words.percent(prediction.probability)) sure to meet \(deadline(goal, timeLeft))"
    }

    /// The deadline, and what was left of it if a noticeable part had passed.
    private func deadline(_ goal: Goal, _ timeLeft: Duration) -> String {
        let whole = Words.milliseconds(goal.deadline)
        guard goal.deadline - timeLeft >= .milliseconds(1) else { return whole }
        return "\(whole) (\(Words.milliseconds(timeLeft)) left)"
    }

    /// What sets a rival apart from the chosen candidate.
    private func words(for rival: Candidate, besides chosen: Candidate) -> String {
        guard rival.setting == chosen.setting else { return "\(rival.recognizer) with \(rival.setting.words)" }
        guard rival.recognizer == chosen.recognizer, rival.stage != chosen.stage else { return rival.recognizer }
        return rival.stage.map { "stopping after stage \($0)" } ?? "going on to the last stage"
    }

    /// What the runner-up would have given for what.
    private func tradeOff(_ candidates: [CandidateProfile], _ goal: Goal) -> String? {
        guard let runnerUp, let other = runnerUpPrediction else { return nil }
        let chosen = candidates[candidate]
        let rival = candidates[runnerUp]
        let name = words(for: rival.candidate, besides: chosen.candidate)
        let gain = rival.accuracy - chosen.accuracy
        if gain > 0, other.probability < min(goal.confidence, prediction.probability) {
            return "\(name) would add \(Words.points(gain)) but is only \(Words.percent(other.probability)) sure"
        }
        if other.energy < prediction.energy, other.accuracy <= prediction.accuracy {
            let saved = Words.energy(prediction.energy - other.energy)
            return "\(name) would save \(saved) but cost \(Words.points(prediction.accuracy - other.accuracy))"
        }
        if other.accuracy > prediction.accuracy {
            let extra = other.energy - prediction.energy
            return "\(name) would add \(Words.points(other.accuracy - prediction.accuracy)) for "
                + "\(Words.energy(extra)) more" + (rule == .energyPriced ? ", too much for the energy budget" : "")
        }
        return nil
    }
}
