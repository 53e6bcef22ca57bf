import Testing
import Units

@testable import Alert

@Suite struct PowerBudgetTests {
    /// What a candidate gives and takes beyond waiting.
    private typealias Choice = (accuracy: Double, energy: Double)

    /// The best mean accuracy of two streams under a mean energy, over all mixtures: an optimum of this linear program
    /// mixes at most two pairs of choices, so all pairs of pairs are tried.
    private func best(_ one: [Choice], _ other: [Choice], weights: (Double, Double), budget: Double) -> Double {
        let pairs = one.flatMap { a in
            other.map { b in
                (
                    accuracy: weights.0 * a.accuracy + weights.1 * b.accuracy,
                    energy: weights.0 * a.energy + weights.1 * b.energy
                )
            }
        }
        var best = -Double.infinity
        for low in pairs where low.energy <= budget {
            best = max(best, low.accuracy)
            for high in pairs where high.energy > budget {
                let share = (budget - low.energy) / (high.energy - low.energy)
                best = max(best, low.accuracy + share * (high.accuracy - low.accuracy))
            }
        }
        return best
    }

    private func random(_ generator: inout SeededGenerator) -> [Choice] {
        (0..<2 + Int(generator.next() % 4)).map { _ in
            (generator.uniform(0.5...0.95), generator.uniform(0.05...0.5))
        }
    }

    @Test(arguments: 1..<40 as Range<UInt64>)
    func `Two streams that know of nothing but the price choose as well together as the best of all pairs`(
        seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        let (frames, speech) = (random(&generator), random(&generator))
        // Speech is decided every fifth time, ten times a second.
        let (every, idle) = (5, 3.0)
        let weights = (0.8, 0.2)
        func energies(_ pick: ([Double]) -> Double?) -> Double {
            weights.0 * (pick(frames.map(\.energy)) ?? 0) + weights.1 * (pick(speech.map(\.energy)) ?? 0)
        }
        let (least, most) = (energies { $0.min() }, energies { $0.max() })
        // The machine's power is that of waiting and what ten choices a second add.
        let mean = least + (most - least) * generator.uniform(0.1...0.9)
        var budget = PowerBudget(Watts(idle + 10 * mean))
        var (accuracy, energy) = (0.0, 0.0)
        let count = 20_000
        for index in 0..<count {
            let price = budget.price
            let choices = index % every == 0 ? speech : frames
            let chosen = choices.max { $0.accuracy - price * $0.energy < $1.accuracy - price * $1.energy }
            accuracy += chosen?.accuracy ?? 0
            energy += chosen?.energy ?? 0
            budget.note(Joules((chosen?.energy ?? 0) + idle * 0.1), over: .milliseconds(100))
        }
        let seconds = Double(count) * 0.1
        let power = idle + energy / seconds
        #expect(power <= budget.power.value + budget.debt.value / seconds + 1e-9)
        #expect(power <= budget.power.value * 1.01)
        let reference = best(frames, speech, weights: weights, budget: mean)
        #expect(accuracy / Double(count) > reference - 0.005)
    }

    @Test func `Waiting counts, what was saved is not kept, and a debt is forgotten beyond a minute's budget`() {
        var budget = PowerBudget(Watts(10))
        budget.note(Joules(30), over: .seconds(1))
        #expect(budget.debt == Joules(20))
        budget.note(Joules(5), over: .seconds(1))
        #expect(budget.debt == Joules(15))
        budget.note(Joules(0), over: .seconds(100))
        #expect(budget.debt == .zero && budget.price == 0)
        budget.note(Joules(1e9), over: .seconds(1))
        #expect(budget.debt == Joules(600))
        budget.note(Joules(.nan), over: .seconds(1))
        #expect(budget.debt == Joules(600))
    }

    @Test func `Choices that come at once have a finite price`() {
        var budget = PowerBudget(Watts(10))
        for _ in 0..<100 { budget.note(Joules(1), over: .zero) }
        #expect(budget.price > 0 && budget.price.isFinite)
    }
}
