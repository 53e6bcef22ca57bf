import Alert
import Testing
import Units

@Suite struct DominanceTests {
    private func candidate(
        _ name: String, on processor: String = "cpu", task: String? = nil, milliseconds: Double, watts: Double = 10,
        accuracy: Double
    ) -> CandidateProfile {
        CandidateProfile(
            candidate: Candidate(
                recognizer: name, setting: Setting(processor: processor, threads: 2), task: task),
            time: .steady(milliseconds), power: Watts(watts), accuracy: accuracy)
    }

    private func dominators(_ candidates: [CandidateProfile], idle: Double = 4) -> [String?] {
        Dominance(idlePower: Watts(idle)).dominators(of: candidates).map {
            $0.map { candidates[$0].candidate.recognizer }
        }
    }

    @Test func `A trade of time for accuracy dominates nothing`() {
        #expect(dominators(CandidateProfile.sizes) == [nil, nil, nil])
    }

    @Test func `What is slower, hungrier and less accurate is dominated by the one that is better`() {
        let small = candidate("small", milliseconds: 12, accuracy: 0.7)
        let large = candidate("large", milliseconds: 10, accuracy: 0.9)
        #expect(dominators([small, large]) == ["large", nil])
        #expect(dominators([large, small]) == [nil, "large"])
    }

    @Test func `Less energy keeps a slower and less accurate one`() {
        let frugal = candidate("frugal", milliseconds: 12, watts: 6, accuracy: 0.7)
        let large = candidate("large", milliseconds: 10, accuracy: 0.9)
        #expect(dominators([frugal, large]) == [nil, nil])
    }

    @Test func `Being done sooner does not pay for more watts beyond those of waiting`() {
        // Both take 100 mJ of inference; who is done sooner then waits at 4 W for longer.
        let slow = candidate("slow", milliseconds: 20, watts: 5, accuracy: 0.8)
        let quick = candidate("quick", milliseconds: 10, watts: 10, accuracy: 0.8)
        #expect(dominators([slow, quick]) == [nil, nil])
        #expect(dominators([slow, quick], idle: 0) == ["quick", nil])
    }

    @Test func `Of equals within the noise one stays`() {
        let twins = [
            candidate("a", milliseconds: 10, accuracy: 0.8), candidate("b", milliseconds: 10.2, accuracy: 0.8),
            candidate("c", milliseconds: 9.9, accuracy: 0.8),
        ]
        #expect(dominators(twins).count { $0 == nil } == 1)
    }

    @Test func `A longer tail keeps the one with the shorter`() {
        let calm = candidate("calm", milliseconds: 11, accuracy: 0.7)
        var jumpy = candidate("jumpy", milliseconds: 10, accuracy: 0.8)
        jumpy.time.p95 = 30
        #expect(dominators([calm, jumpy]) == [nil, nil])
    }

    @Test func `What grows less with the sound is kept`() {
        var steady = candidate("steady", milliseconds: 11, accuracy: 0.7)
        steady.growth = 0
        var growing = candidate("growing", milliseconds: 10, accuracy: 0.8)
        growing.growth = 0.9
        #expect(dominators([steady, growing]) == [nil, nil])
    }

    @Test func `Tasks are candidates of their own`() {
        let partial = candidate("a", task: "partial", milliseconds: 20, accuracy: 0.7)
        let final = candidate("b", task: "final", milliseconds: 10, accuracy: 0.9)
        #expect(dominators([partial, final]) == [nil, nil])
    }

    @Test func `Of each processor the quickest and the most accurate stay for when another fails`() {
        let accelerated = candidate("gpu", on: "webgpu", milliseconds: 2, accuracy: 0.9)
        let others = [
            candidate("small", milliseconds: 10, accuracy: 0.7), candidate("middle", milliseconds: 20, accuracy: 0.8),
            candidate("large", milliseconds: 40, accuracy: 0.9),
        ]
        #expect(dominators(others + [accelerated]) == [nil, "gpu", nil, nil])
    }

    @Test func `An estimate dominates nothing but may be dominated`() {
        let small = candidate("small", milliseconds: 12, accuracy: 0.7)
        var large = candidate("large", milliseconds: 10, accuracy: 0.9)
        large.isMeasured = false
        #expect(dominators([small, large]) == [nil, nil])
        var guess = small
        guess.isMeasured = false
        large.isMeasured = true
        #expect(dominators([guess, large]) == ["large", nil])
    }

    @Test func `Whoever dominates is never worse and not dominated itself`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let candidates = CandidateProfile.random(20, using: &generator)
            let dominance = Dominance(idlePower: Watts(3))
            let found = dominance.dominators(of: candidates)
            #expect(found.contains(nil))
            for (index, dominator) in found.enumerated() {
                guard let dominator else { continue }
                let (worse, better) = (candidates[index], candidates[dominator])
                #expect(found[dominator] == nil)
                #expect(better.accuracy >= worse.accuracy)
                #expect(better.time.median <= worse.time.median * 1.05)
                #expect(better.time.p95 <= worse.time.p95 * 1.2)
            }
        }
    }

    @Test func `A profile names who is dominated, by whom and why`() throws {
        var profile = Profile(
            machine: [:], models: [:], energySource: "estimated", idlePower: Watts(3),
            candidates: [
                candidate("lite1", milliseconds: 12, accuracy: 0.7),
                candidate("lite2", milliseconds: 10, accuracy: 0.9),
            ])
        profile.markDominated()
        #expect(profile.candidates.map(\.dominatedBy) == ["lite2@cpu-2t", nil])
        #expect(
            profile.dominatedLines == [
                "lite1@cpu-2t: never better than lite2@cpu-2t: slower, more energy, less accurate"
            ])
    }

    @Test func `A power setting takes no other's place that leaves the machine as it is`() {
        var saving = candidate("saving", milliseconds: 10, watts: 5, accuracy: 0.8)
        saving.candidate.setting.power = "cpu-50%"
        let plain = candidate("plain", milliseconds: 10, watts: 10, accuracy: 0.8)
        #expect(dominators([plain, saving]) == [nil, nil])
        var wasting = saving
        wasting.power = Watts(20)
        #expect(dominators([plain, wasting]) == [nil, "plain"])
    }
}
