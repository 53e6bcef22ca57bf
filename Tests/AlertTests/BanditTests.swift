import Testing
import Units

@testable import Alert

/// The solution of A x = b, by Gaussian elimination with pivoting.
private func solve(_ matrix: [[Double]], _ values: [Double]) -> [Double] {
    var rows = zip(matrix, values).map { $0 + [$1] }
    let n = values.count
    for column in 0..<n {
        let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
        rows.swapAt(column, pivot)
        for row in 0..<n where row != column {
            let factor = rows[row][column] / rows[column][column]
            for entry in column...n { rows[row][entry] -= factor * rows[column][entry] }
        }
    }
    return (0..<n).map { rows[$0][n] / rows[$0][$0] }
}

@Suite struct BanditTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `The regression is what Gaussian elimination solves`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let guess = (0..<8).map { _ in generator.uniform(-1...1) }
        let stiffness = generator.uniform(0.5...5)
        var regression = RidgeRegression(guess: RidgeRegression.Features(guess), stiffness: stiffness)
        var matrix = (0..<8).map { row in (0..<8).map { $0 == row ? stiffness : 0 } }
        var moments = guess.map { $0 * stiffness }
        for _ in 0..<500 {
            let x = (0..<8).map { _ in generator.uniform(-1...2) }
            let value = generator.share() < 0.5 ? 0.0 : 1.0
            regression.observe(RidgeRegression.Features(x), value)
            for row in 0..<8 {
                moments[row] += value * x[row]
                for column in 0..<8 { matrix[row][column] += x[row] * x[column] }
            }
        }
        let weights = solve(matrix, moments)
        for index in 0..<8 { #expect(abs(regression.weights[index] - weights[index]) < 1e-9) }
        let x = (0..<8).map { _ in generator.uniform(-1...2) }
        let uncertainty = zip(x, solve(matrix, x)).map(*).reduce(0, +)
        #expect(abs(regression.uncertainty(RidgeRegression.Features(x)) - uncertainty) < 1e-9)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `What is said not to exceed a bound does not`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func features() -> RidgeRegression.Features {
            RidgeRegression.Features((0..<8).map { _ in generator.uniform(-1...2) })
        }
        var regression = RidgeRegression(guess: features(), stiffness: generator.uniform(0.5...5))
        var ruledOut = 0
        for _ in 0..<2000 {
            let (x, exploration) = (features(), generator.uniform(0...2))
            let merit = regression.value(x) + exploration * regression.uncertainty(x).squareRoot()
            let bound = merit + generator.uniform(-1...4)
            if !regression.mayExceed(bound, x, exploration: exploration) {
                ruledOut += 1
                #expect(merit <= bound + 1e-9)
            }
            regression.observe(x, generator.share() < 0.5 ? 0 : 1)
        }
        #expect(ruledOut > 100)
    }

    private func policy() throws -> BanditPolicy {
        try BanditPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(1), goal: .mostAccurate(100))
    }

    @Test func `Before any feedback it takes the right answers to be wanted`() throws {
        var policy = try policy()
        policy.settle()
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))?.candidate == 2)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(25)))?.candidate == 1)
    }

    @Test func `Feedback teaches that cheap answers are wanted`() throws {
        var policy = try policy()
        policy.settle()
        var chosen = [0, 0, 0]
        for round in 0..<600 {
            let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
            let last = try #require(decided).candidate
            if round >= 300 { chosen[last] += 1 }
            policy.observe(Observation(candidate: last, time: .milliseconds(policy.candidates[last].time.median)))
            policy.learn(last == 0 ? .good : .bad)
        }
        #expect(chosen[0] > 290, "\(chosen)")
    }

    @Test func `Feedback counts once, and not before there is an answer`() throws {
        var policy = try policy()
        let start = policy.regression.weights
        policy.learn(.bad)
        #expect(policy.regression.weights == start)
        _ = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
        policy.learn(.bad)
        #expect(policy.regression.weights == start)
        policy.observe(Observation(candidate: 2, time: .milliseconds(40)))
        policy.learn(.bad)
        let once = policy.regression.weights
        #expect(once != start)
        policy.learn(.bad)
        #expect(policy.regression.weights == once)
    }

    @Test func `Where nothing is in time it takes the likeliest`() throws {
        var policy = try policy()
        policy.settle()
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(9.8)))
        #expect(decided?.candidate == 0)
        #expect(decided?.rule == .deadlineUnlikely)
    }
}
