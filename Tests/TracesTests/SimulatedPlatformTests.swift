import Alert
import Testing
import Units

@testable import Traces

@Suite struct SimulatedPlatformTests {
    private let platform = SimulatedPlatform(seed: 1)

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    @Test func `There are 31 caps from 40 to 100 W for six recognisers, two of them in four stages`() {
        #expect(SimulatedPlatform.caps.count == 31)
        #expect((SimulatedPlatform.caps.first, SimulatedPlatform.caps.last) == (40, 100))
        let profile = platform.profile
        #expect(profile.candidates.count == 186)
        #expect(Set(profile.candidates.map(\.candidate.recognizer)).count == 6)
        #expect(profile.candidates.filter { $0.stages.count == 4 }.count == 62)
        #expect(profile.energySource == "simulated")
    }

    @Test func `From 100 W down to 40 W the largest takes twice as long, and its energy is least in between`() {
        let largest = platform.profile.candidates.filter { $0.candidate.recognizer == "plain-xl" }
        let energies = largest.map { $0.power.value * $0.time.median }
        #expect((1.9...2.2).contains(largest[0].time.median / largest[30].time.median))
        #expect((1.15...1.35).contains(energies[30] / (energies.min() ?? 0)))
        #expect(energies[0] > (energies.min() ?? 0))
    }

    @Test func `The same seed gives the same trace, another one another`() throws {
        let trace = try platform.trace(.memory, samples: 20)
        let again = try SimulatedPlatform(seed: 1).trace(.memory, samples: 20)
        let other = try SimulatedPlatform(seed: 2).trace(.memory, samples: 20)
        #expect(trace.figures == again.figures && trace.header == again.header)
        #expect(trace.figures != other.figures)
        #expect(trace.header.origin == .simulated && trace.header.seed == 1)
    }

    @Test func `Every figure is one that a trace may have`() throws {
        for environment in SimulatedEnvironment.allCases {
            let trace = try platform.trace(environment, samples: 50)
            #expect(try Trace(header: trace.header, samples: (0..<50).map { trace[$0] }).figures == trace.figures)
        }
    }

    @Test func `A stage is right as often as its profile says`() throws {
        let trace = try platform.trace(.idle, samples: 400)
        for (candidate, profile) in trace.header.profile.candidates.enumerated() {
            let accuracies = profile.isAnytime ? profile.stages.map(\.accuracy) : [profile.accuracy]
            for (stage, accuracy) in accuracies.enumerated() {
                let right = (0..<400).reduce(0.0) {
                    $0 + trace.answer(sample: $1, candidate: candidate, stage: stage + 1).quality
                }
                #expect(abs(right / 400 - accuracy) <= 0.5 / 400 + 1e-9)
            }
        }
    }

    @Test func `Memory slows most what memory holds up, computing what the clock does; both come and go`() throws {
        func slowdowns(_ environment: SimulatedEnvironment, _ recognizer: String) throws -> [Double] {
            let trace = try platform.trace(environment, samples: 1500)
            let candidates = trace.header.profile.candidates
            let index = try #require(
                candidates.firstIndex { $0.candidate.recognizer == recognizer && $0.candidate.setting.power == "100W" })
            let last = trace.layout.stages[index]
            return (0..<1500).map {
                trace.answer(sample: $0, candidate: index, stage: last).time * 1e3 / candidates[index].time.median
            }
        }
        let idle = try slowdowns(.idle, "plain-xl")
        #expect(abs(median(idle) - 1) < 0.02)
        let (memoryClock, memoryWide) = (try slowdowns(.memory, "plain-xl"), try slowdowns(.memory, "wide-nest"))
        let (computeClock, computeWide) = (try slowdowns(.compute, "plain-xl"), try slowdowns(.compute, "wide-nest"))
        func upper(_ values: [Double]) -> Double { values.sorted()[values.count * 8 / 10] }
        func lower(_ values: [Double]) -> Double { values.sorted()[values.count / 10] }
        #expect(upper(memoryWide) > upper(memoryClock) + 0.2)
        #expect(upper(computeClock) > upper(computeWide) + 0.05)
        for slow in [memoryClock, memoryWide, computeClock, computeWide] { #expect(abs(lower(slow) - 1) < 0.1) }
        // Heavy tails: a few runs take far longer than noise explains.
        #expect(idle.filter { $0 > 1.2 }.count > 5)
    }
}
