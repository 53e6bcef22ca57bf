import Units

/// ALERT's choice among candidates, and the memory it needs for it: allocated once, so that a decision allocates
/// nothing.
struct Selection: Sendable {
    private var estimates: ContiguousArray<Estimate>
    /// Those that may be chosen this time.
    private var allowed = CandidateSet()

    init(count: Int) { estimates = ContiguousArray(repeating: Estimate(), count: count) }

    /// What a choice is made by.
    struct Terms {
        var objective: Goal.Objective
        /// The probability from which a candidate counts as meeting the deadline, or all bounds.
        var confidence: Double
        /// The probability of meeting the deadline from which one that keeps all other bounds, if with less certainty,
        /// goes before those that do not.
        var tolerated: Double
        /// How far beyond what is expected nine in ten energies stay, as a share of it; 0 where bounds are on what is
        /// expected.
        var energyNoise = 0.0
        /// What a joule costs in accuracy, in place of the objective's bound on energy.
        var energyPrice: Double?
        /// What it costs beside that bound, under a budget that streams share.
        var sharedPrice = 0.0
        /// Whether a candidate that is expected to keep the bound on energy, though not as surely as wanted, goes before
        /// those that are not.
        var toleratesEnergy = false
        /// By how much a candidate's expected accuracy must be higher to be worth any energy.
        var accuracyStep = 0.0
    }

    /// The goal in the terms of the loop: a bound on energy, and what is made best. That on accuracy is in the outlook.
    private struct Bounds {
        var energy = Double.infinity
        var minimizesEnergy = false

        init(_ objective: Goal.Objective) {
            switch objective {
            case .minimizeError(let energy): if let energy { self.energy = energy.value }
            case .minimizeEnergy: minimizesEnergy = true
            }
        }
    }

    /// What of the goal a candidate is expected to keep; the higher one is chosen whatever the rest.
    private enum Standing {
        static let unlikely = 0
        static let inTime = 1
        static let tolerable = 2
        static let keepsAll = 3
    }

    /// What is expected of a candidate that the last choice was among.
    func expected(of candidate: Int) -> Estimate { estimates[candidate] }

    /// Estimates the candidates in one pass, chooses in a second, and its runner-up in a third. O(n).
    ///
    /// A candidate that keeps every bound goes before one that keeps them less surely than wanted, that one before one
    /// that only meets the deadline, and that before one that does not. Within the first, the objective decides; within
    /// the second the probability of keeping all bounds, and within the last that of being in time; within the third,
    /// expected accuracy. Ties go to less energy, then less time; within the last to less time first. Where accuracy
    /// decides, what is less accurate by no more than a step is a tie.
    /// - Parameters:
    ///   - allowed: the candidates that may be chosen, at least one.
    ///   - delayed: those that must wait for another stream, and the seconds that are left for them then.
    mutating func choose(
        among allowed: CandidateSet, _ estimator: borrowing Estimator, in outlook: Outlook, _ terms: Terms,
        delayed: (candidates: CandidateSet, time: Double) = (CandidateSet(), 0)
    ) -> Decision {
        self.allowed = allowed
        let confidence = terms.confidence
        var bounds = Bounds(terms.objective)
        if terms.energyPrice != nil { bounds.energy = .infinity }
        let sureEnergy = bounds.energy / (1 + terms.energyNoise)
        let toleratedEnergy = terms.toleratesEnergy ? bounds.energy : sureEnergy
        let price = (terms.energyPrice ?? 0) + terms.sharedPrice
        estimator.estimate(allowed.subtracting(delayed.candidates), in: outlook, into: &estimates)
        if !delayed.candidates.isEmpty {
            var later = outlook
            later.time = delayed.time
            estimator.estimate(allowed.intersection(delayed.candidates), in: later, into: &estimates)
        }
        var best = 0
        var bestStanding = -1
        var bestMerit = -Double.infinity
        var bestTie = Double.infinity
        var bestLastTie = Double.infinity
        for candidate in allowed {
            let estimate = estimates[candidate]
            let standing: Int
            let merit: Double
            var (tie, lastTie) = (estimate.energy, estimate.time)
            if estimate.assurance >= confidence, estimate.energy <= sureEnergy {
                standing = Standing.keepsAll
                merit = bounds.minimizesEnergy ? -estimate.energy : estimate.accuracy - price * estimate.energy
            } else if estimate.assurance >= terms.tolerated, estimate.energy <= toleratedEnergy {
                standing = Standing.tolerable
                merit = estimate.assurance * estimator.assurance(of: estimate.energy, within: bounds.energy, terms)
            } else if estimate.probability >= confidence {
                standing = Standing.inTime
                merit = estimate.accuracy - price * estimate.energy
            } else {
                standing = Standing.unlikely
                merit = estimate.probability
                swap(&tie, &lastTie)
            }
            let isBetter: Bool
            if standing != bestStanding {
                isBetter = standing > bestStanding
            } else if merit != bestMerit {
                isBetter = merit > bestMerit
            } else {
                isBetter = (tie, lastTie) < (bestTie, bestLastTie)
            }
            if isBetter {
                best = candidate
                (bestStanding, bestMerit, bestTie, bestLastTie) = (standing, merit, tie, lastTie)
            }
        }

        let isSure = bestStanding == Standing.keepsAll || bestStanding == Standing.inTime
        let keepsAll = bestStanding == Standing.keepsAll
        if isSure, !(keepsAll && bounds.minimizesEnergy), terms.accuracyStep > 0 {
            let least = bestMerit - terms.accuracyStep
            let thriftiest = self.best {
                (keepsAll ? $0.assurance >= confidence && $0.energy <= sureEnergy : $0.probability >= confidence)
                    && $0.accuracy - price * $0.energy >= least
            } order: {
                ($0.energy, $0.time)
            }
            best = thriftiest ?? best
        }

        // Who would have been chosen if energy had no price.
        let dearer =
            price > 0 && keepsAll && !bounds.minimizesEnergy
            ? moreAccurate(than: best, by: terms.accuracyStep, confidence: confidence, energy: sureEnergy) : nil
        let rule: Decision.Rule
        switch bestStanding {
        case Standing.keepsAll: rule = dearer == nil ? .goalMet : .energyPriced
        case Standing.tolerable: rule = .confidenceRelaxed
        case Standing.inTime: rule = bounds.minimizesEnergy ? .accuracyRelaxed : .energyRelaxed
        default: rule = .deadlineUnlikely
        }
        let runnerUp: Int?
        switch rule {
        case .deadlineUnlikely, .confidenceRelaxed, .fixed: runnerUp = nil
        case .energyPriced: runnerUp = dearer
        case .goalMet where bounds.minimizesEnergy: runnerUp = moreAccurate(than: best, confidence: confidence)
        default: runnerUp = cheaper(than: best, confidence: confidence)
        }
        let shown = runnerUp ?? (isSure ? ruledOut(estimator, best, confidence: confidence) : nil)
        return Decision(
            candidate: best, prediction: Prediction(estimates[best]), rule: rule, runnerUp: shown,
            runnerUpPrediction: shown.map { Prediction(estimates[$0]) })
    }

    /// The candidate in time that adds more than so much accuracy to the chosen one for the least energy.
    private func moreAccurate(
        than chosen: Int, by step: Double = 0, confidence: Double, energy: Double = .infinity
    ) -> Int? {
        let limit = estimates[chosen].accuracy + step
        // What is expected to be both more accurate and cheaper breaks a bound that the chosen one keeps.
        let least = estimates[chosen].energy
        return best {
            $0.probability >= confidence && $0.accuracy > limit && $0.energy >= least && $0.energy <= energy
        } order: {
            ($0.energy, -$0.accuracy)
        }
    }

    /// The most accurate candidate in time that takes less energy than the chosen one.
    private func cheaper(than chosen: Int, confidence: Double) -> Int? {
        let limit = estimates[chosen].energy
        return best {
            $0.probability >= confidence && $0.energy < limit
        } order: {
            (-$0.accuracy, $0.energy)
        }
    }

    /// The likeliest of the candidates that would be more accurate than the chosen one, were they in time.
    private func ruledOut(_ estimator: borrowing Estimator, _ chosen: Int, confidence: Double) -> Int? {
        let limit = estimator.accuracy(of: chosen)
        var found: Int?
        var highest = -1.0
        for candidate in allowed {
            let probability = estimates[candidate].probability
            guard probability < confidence, probability > highest, estimator.accuracy(of: candidate) > limit else {
                continue
            }
            (found, highest) = (candidate, probability)
        }
        return found
    }

    @inline(__always)
    private func best(
        where condition: (Estimate) -> Bool, order: (Estimate) -> (Double, Double)
    ) -> Int? {
        var found: Int?
        var foundOrder = (Double.infinity, Double.infinity)
        for candidate in allowed where condition(estimates[candidate]) {
            let order = order(estimates[candidate])
            if order < foundOrder { (found, foundOrder) = (candidate, order) }
        }
        return found
    }
}

extension Estimator {
    /// The probability that an energy stays within a bound, where such ones scatter as the terms say.
    fileprivate func assurance(of energy: Double, within bound: Double, _ terms: Selection.Terms) -> Double {
        guard bound.isFinite, terms.energyNoise > 0 else { return 1 }
        // The standard normal quantile of 90 %.
        return normal.cumulative((bound / energy - 1) * 1.2815515655446004 / terms.energyNoise)
    }
}
