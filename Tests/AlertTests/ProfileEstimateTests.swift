import Alert
import Testing
import Units

@Suite struct ProfileEstimateTests {
    private static let settings = [1, 2, 4, 8].map { Setting(threads: $0) }

    /// A table in which each time and power is the product of its recogniser's and its setting's, times some noise.
    private func table(
        recognizers: Int, noise: Double = 0, using generator: inout SeededGenerator
    ) -> [CandidateProfile] {
        let speeds = Self.settings.map { _ in generator.uniform(0.3...1) }
        let powers = Self.settings.map { _ in generator.uniform(5...20) }
        return (0..<recognizers).flatMap { row in
            let base = generator.uniform(5...100)
            return Self.settings.enumerated().map { column, setting in
                CandidateProfile(
                    candidate: Candidate(recognizer: "r\(row)", setting: setting),
                    time: .steady(base * speeds[column] * (1 + noise * generator.uniform(-1...1))),
                    power: Watts(powers[column]), accuracy: 0.8)
            }
        }
    }

    private func estimate(_ all: [CandidateProfile], seed: UInt64) throws -> (ProfileEstimate, missing: [Int]) {
        let sample = ProfileEstimate.sample(of: all.map(\.candidate), seed: seed)
        let missing = all.indices.filter { !sample.contains($0) }
        return (
            try ProfileEstimate(of: missing.map { all[$0].candidate }, from: sample.map { all[$0] }), missing
        )
    }

    @Test func `A table that is exactly multiplicative is completed exactly`() throws {
        var generator = SeededGenerator(seed: 3)
        for round in 0..<50 {
            let all = table(recognizers: 3 + round % 6, using: &generator)
            let (estimate, missing) = try estimate(all, seed: UInt64(round))
            #expect(!missing.isEmpty)
            for (index, estimated) in zip(missing, estimate.candidates) {
                #expect(estimated.candidate == all[index].candidate)
                #expect(!estimated.isMeasured)
                #expect(abs(estimated.time.median / all[index].time.median - 1) < 1e-9)
                #expect(abs(estimated.time.p95 / all[index].time.p95 - 1) < 1e-9)
                #expect(abs(estimated.power.value / all[index].power.value - 1) < 1e-9)
            }
            #expect(!estimate.errors.isEmpty)
            #expect(estimate.errors.allSatisfy { $0 < 1e-9 })
        }
    }

    @Test func `With noise in the measurements estimates are off by about as much, and the errors say so`() throws {
        var generator = SeededGenerator(seed: 4)
        for round in 0..<20 {
            let all = table(recognizers: 8, noise: 0.1, using: &generator)
            let (estimate, missing) = try estimate(all, seed: UInt64(round))
            for (index, estimated) in zip(missing, estimate.candidates) {
                #expect(abs(estimated.time.median / all[index].time.median - 1) < 0.5)
            }
            let worst = estimate.errors.max() ?? 0
            #expect(worst > 0.01 && worst < 0.5)
        }
    }

    @Test func `One recogniser with all settings, all with one, and some more are measured`() {
        var generator = SeededGenerator(seed: 5)
        let candidates = table(recognizers: 6, using: &generator).map(\.candidate)
        let sample = ProfileEstimate.sample(of: candidates, seed: 1)
        // 4 + 5 of the cross, a fifth of the other 15.
        #expect(sample.count == 12)
        #expect(sample == ProfileEstimate.sample(of: candidates, seed: 1))
        #expect(sample != ProfileEstimate.sample(of: candidates, seed: 2))
    }

    @Test func `A small table is measured whole`() {
        let candidates = [Candidate(recognizer: "a", setting: Setting(threads: 1))]
        #expect(ProfileEstimate.sample(of: candidates) == [0])
    }

    @Test func `Tasks are rows of their own`() throws {
        func candidate(_ task: String, _ threads: Int, _ milliseconds: Double) -> CandidateProfile {
            CandidateProfile(
                candidate: Candidate(recognizer: "a", setting: Setting(threads: threads), task: task),
                time: .steady(milliseconds), power: Watts(10), accuracy: 0)
        }
        let estimate = try ProfileEstimate(
            of: [candidate("final", 2, 0).candidate],
            from: [candidate("partial", 1, 10), candidate("partial", 2, 6), candidate("final", 1, 30)])
        #expect(abs(estimate.candidates[0].time.median - 18) < 1e-9)
    }

    /// In bf16 fp32 recognisers take half as long and int8 ones three times as long.
    private func twoKinds() -> (all: [CandidateProfile], kinds: [String: String]) {
        let settings = [nil, "bf16"].flatMap { precision in
            [1, 2, 4].map { Setting(processor: "openvino", precision: precision, threads: $0) }
        }
        var kinds: [String: String] = [:]
        let all = ["fp32", "int8"].flatMap { format in
            (0..<3).flatMap { size in
                kinds["r\(size)-\(format)"] = format
                return settings.map { setting in
                    let factor = setting.precision == nil ? 1 : format == "fp32" ? 0.5 : 3
                    return CandidateProfile(
                        candidate: Candidate(recognizer: "r\(size)-\(format)", setting: setting),
                        time: .steady(10 * Double(size + 1) * factor / Double(setting.threads)), power: Watts(10),
                        accuracy: 0.8)
                }
            }
        }
        return (all, kinds)
    }

    @Test func `A setting that helps one kind of recogniser only is not carried over to another`() throws {
        let (all, kinds) = twoKinds()
        let candidates = all.map(\.candidate)
        let sample = ProfileEstimate.sample(of: candidates, kinds: kinds)
        let missing = all.indices.filter { !sample.contains($0) }
        try #require(!missing.isEmpty)
        let estimate = try ProfileEstimate(
            of: missing.map { candidates[$0] }, from: sample.map { all[$0] }, kinds: kinds)
        for (index, estimated) in zip(missing, estimate.candidates) {
            #expect(abs(estimated.time.median / all[index].time.median - 1) < 1e-9)
        }
        // Taken for one kind the same measurements miss by far, and say so.
        let mixed = try ProfileEstimate(of: missing.map { candidates[$0] }, from: sample.map { all[$0] })
        let worst = zip(missing, mixed.candidates).map { abs($1.time.median / all[$0].time.median - 1) }.max() ?? 0
        #expect(worst > 0.3)
        #expect((mixed.errors.max() ?? 0) > 0.3)
    }

    @Test(arguments: 1...20) func `Each processor and precision of each kind is checked`(seed: UInt64) {
        let (all, kinds) = twoKinds()
        let sample = ProfileEstimate.sample(of: all.map(\.candidate), kinds: kinds, seed: seed)
        for kind in ["fp32", "int8"] {
            for precision in [nil, "bf16"] {
                let measured = sample.map { all[$0].candidate }.filter {
                    kinds[$0.recognizer] == kind && $0.setting.precision == precision
                        && $0.setting != all[0].candidate.setting && !$0.recognizer.hasPrefix("r0")
                }
                #expect(!measured.isEmpty)
            }
        }
    }

    @Test func `What of its kind nothing was measured with cannot be reached`() {
        let (all, kinds) = twoKinds()
        let missing = [all[8].candidate]
        // Another size with the same setting will do, another kind will not.
        let own = all[6]
        #expect(ProfileEstimate.unreachable(missing, from: [own, all[2]], kinds: kinds).isEmpty)
        #expect(ProfileEstimate.unreachable(missing, from: [own, all[20]], kinds: kinds) == missing)
        #expect(ProfileEstimate.unreachable(missing, from: [all[2]], kinds: kinds) == missing)
    }

    @Test func `Cells that nothing connects are an error that says what to measure`() {
        let known: [[Double?]] = [[1, nil], [nil, 2]]
        let error = #expect(throws: AlertError.self) { try LogAdditiveTable(known) }
        #expect(error?.message.contains("too few cells") == true)
        #expect(error?.message.contains("one recogniser with all settings") == true)
        #expect(throws: AlertError.self) { try LogAdditiveTable([[nil, nil], [1, 2]]) }
    }

    @Test(arguments: [0, -1, Double.nan, .infinity]) func `Figures that are no times are refused`(figure: Double) {
        #expect(throws: AlertError.self) { try LogAdditiveTable([[figure, 1]]) }
    }

    @Test func `A cell that alone connects a row is not among the errors`() {
        let errors = LogAdditiveTable.leaveOutErrors(
            of: [[1, 2], [3, nil]], at: [(row: 0, column: 0), (row: 1, column: 0)])
        #expect(errors.isEmpty)
    }
}
