import Testing

@testable import Recognition

struct ClassificationTests {
    private func best(_ count: Int, _ scores: [Float]) -> [Int] {
        scores.withUnsafeBufferPointer { Classification.best(count, of: $0) }
    }

    @Test func theBestComeFirst() {
        #expect(best(3, [0.1, 0.4, 0.2, 0.3]) == [1, 3, 2])
    }

    @Test func equalScoresComeByIndex() {
        #expect(best(3, [0.2, 0.3, 0.2, 0.3, 0.2]) == [1, 3, 0])
    }

    @Test func moreThanThereAreIsAll() {
        #expect(best(9, [0.4, 0.6]) == [1, 0])
    }

    @Test func noneAskedForIsNone() {
        #expect(best(0, [1]).isEmpty)
        #expect(best(5, []).isEmpty)
    }

    @Test(arguments: [1, 5, 17, 1_000])
    func theBestAreThoseOfASort(count: Int) {
        var random = SystemRandomNumberGenerator()
        let scores = (0..<1_000).map { _ in Float(Int.random(in: 0..<300, using: &random)) }
        let sorted = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        #expect(best(count, scores) == Array(sorted.prefix(count)))
    }
}
