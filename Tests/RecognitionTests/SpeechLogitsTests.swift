import Glibc
import Testing
import Units

@testable import Recognition

struct SpeechLogitsTests {
    @Test func theBestIsTheFirstOfEquals() {
        withLogits([1, 4, 2, 4]) {
            #expect($0.best() == 1)
            #expect($0.best(in: 2..<4) == 3)
        }
    }

    @Test func theSumOfExponentialsIsThatOfTheDefinition() {
        var random = SeededGenerator(seed: 1)
        let scores = (0..<5_000).map { _ in Float.random(in: -60...12, using: &random) }
        let exact = log(scores.reduce(0.0) { $0 + exp(Double($1)) })
        #expect(abs(Double(withLogits(scores) { $0.logSum() }) - exact) < 1e-4)
    }

    @Test func theSumOverNothingPossibleIsMinusInfinity() {
        withLogits([1, 2]) {
            $0.suppress([0, 1])
            #expect($0.logSum() == -.infinity)
            #expect($0.logSum(in: 1..<1) == -.infinity)
        }
    }

    @Test(arguments: [[.nan, 1], [1, .nan], [1, .infinity]] as [[Float]])
    func scoresThatAreNoNumbersShowInTheSum(scores: [Float]) {
        #expect(!withLogits(scores) { $0.logSum() }.isFinite)
    }

    @Test func tokensAreDrawnAsOftenAsTheyAreProbable() {
        var random = SeededGenerator(seed: 3)
        var counts = [0, 0, 0, 0]
        withLogits([0, log(Float(3)), -Float.infinity, log(Float(6))]) {
            for _ in 0..<10_000 { counts[$0.draw(temperature: 1, from: &random)] += 1 }
        }
        for (count, share) in zip(counts, [0.1, 0.3, 0, 0.6]) { #expect(abs(Double(count) / 10_000 - share) < 0.02) }
    }

    @Test func aLowTemperatureFavorsTheBest() {
        var random = SeededGenerator(seed: 3)
        let best = withLogits([0, 1]) { logits in
            (0..<1_000).count { _ in logits.draw(temperature: 0.1, from: &random) == 1 }
        }
        #expect(best > 990)
    }

    @Test func theSameSeedGivesTheSameNumbers() {
        var one = SeededGenerator(seed: 5)
        var other = SeededGenerator(seed: 5)
        #expect((0..<4).map { _ in one.next() } == (0..<4).map { _ in other.next() })
    }
}
