import Testing
import Units

@testable import Alert

@Suite struct DifficultyTests {
    /// How far off the doubt in the next answers is when expected with η, and without it.
    private func errors(sceneLength: Int) -> (with: Double, without: Double) {
        var generator = SeededGenerator(seed: 21)
        var difficulty = Difficulty(count: 2)
        var sums = (0.0, 0.0)
        var scene = 0.0
        for sample in 0..<8000 {
            if sample % sceneLength == 0 { scene = generator.share() < 0.5 ? 0.05 : 0.35 }
            let doubt = min(max(scene + 0.03 * generator.normal(), 0), 1)
            if sample >= 1000 {
                let ratio = doubt / 0.2
                sums.0 += (ratio - difficulty.errorRatio) * (ratio - difficulty.errorRatio)
                sums.1 += (ratio - 1) * (ratio - 1)
            }
            difficulty.observe(sample % 2, confidence: 1 - doubt)
        }
        return sums
    }

    @Test func `Where scenes last, the next sample's difficulty is foreseen`() {
        let errors = errors(sceneLength: 50)
        #expect(errors.with < 0.3 * errors.without)
    }

    @Test func `Where samples have nothing to do with one another, next to nothing is foreseen`() {
        let errors = errors(sceneLength: 1)
        #expect(errors.with < 1.03 * errors.without)
    }

    @Test func `A recogniser that is always sure and one that never is are each taken by their own measure`() {
        var difficulty = Difficulty(count: 2)
        var generator = SeededGenerator(seed: 22)
        for sample in 0..<2000 {
            let noise = generator.uniform(0.9...1.1)
            difficulty.observe(sample % 2, confidence: 1 - (sample % 2 == 0 ? 0.02 : 0.6) * noise)
        }
        #expect(abs(difficulty.errorRatio - 1) < 0.05)
    }

    @Test func `Answers are alike by recogniser and stage, whatever the setting`() {
        var other = CandidateProfile.cascade
        other.candidate.setting = Setting(threads: 1)
        let groups = Difficulty.groups(of: [CandidateProfile.sizes[0]] + CandidateProfile.cascade.stops + [other])
        #expect(groups.first == [0, 1, 1, 1, 1])
        #expect(groups.count == 4)
    }

    @Test func `A confidence that cannot be tells nothing`() {
        var difficulty = Difficulty(count: 1)
        for _ in 0..<100 { difficulty.observe(0, confidence: 0.9) }
        let before = difficulty.errorRatio
        for confidence in [-1, 2, Double.nan] { difficulty.observe(0, confidence: confidence) }
        #expect(difficulty.errorRatio == before)
    }
}
