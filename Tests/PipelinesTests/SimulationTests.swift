import Alert
import Dispatch
import Machine
import Media
import Testing
import Units

@testable import Pipelines

@Suite(.timeLimit(.minutes(1)))
struct SimulationTests {
    /// Takes 10 to 30 ms, half of which grows with the input.
    private static let candidate = CandidateProfile(
        candidate: Candidate(recognizer: "r", setting: Setting(threads: 1)),
        time: TimeStatistics(samples: (10...30).map { .milliseconds($0) }), growth: 0.5, power: Watts(9), accuracy: 0.5)

    /// The times of so many inferences, one after the other, and the energy that they took.
    private func inferences(
        _ count: Int, seed: UInt64, runs: Int = 1, size: Double = 1
    ) -> (times: [Duration], energy: Joules) {
        let simulation = Simulation(seed: seed, idlePower: Watts(2))
        var frames = simulation.frames
        simulation.clock.enter()
        defer { simulation.clock.leave() }
        let times = (0..<count).map { _ in
            let begin = simulation.clock.now()
            var inference = Inference(time: .seconds(99), runs: runs)
            frames.run(&inference, as: Self.candidate, size: size)
            #expect(simulation.clock.now() - begin == inference.time)
            return inference.time
        }
        return (times, simulation.machine.read())
    }

    @Test func `Times are spread like those of the profile, and begin anew with the seed`() {
        let times = inferences(10_000, seed: 1).times
        #expect(times.allSatisfy { $0 >= .milliseconds(10) && $0 <= .milliseconds(30) })
        let sorted = times.sorted()
        #expect(abs(sorted[5000].milliseconds - 20) < 0.3)
        #expect(abs(sorted[9500].milliseconds - 29) < 0.1)
        #expect(inferences(100, seed: 1).times == Array(times.prefix(100)))
        #expect(inferences(100, seed: 2).times != Array(times.prefix(100)))
    }

    @Test func `A larger input takes longer, as far as the candidate's time grows`() {
        let (one, three) = (inferences(100, seed: 1).times, inferences(100, seed: 1, size: 3).times)
        #expect(zip(one, three).allSatisfy { abs($1.seconds / $0.seconds - 2) < 1e-6 })
    }

    @Test func `A recogniser that ran again takes longer, and one that did not run takes no time`() {
        let (once, thrice) = (inferences(1000, seed: 1).times, inferences(1000, seed: 1, runs: 3).times)
        // Two runs more on half the input: 1 + 2 · 0.75.
        let ratio = thrice.reduce(Duration.zero, +).seconds / once.reduce(Duration.zero, +).seconds
        #expect(abs(ratio - 2.5) < 0.05)
        #expect(inferences(3, seed: 1, runs: 0).times == [.zero, .zero, .zero])
    }

    @Test func `Work draws the profiled power`() {
        let (times, energy) = inferences(100, seed: 1)
        let seconds = times.reduce(Duration.zero, +).seconds
        #expect(abs(energy.value - 9 * seconds) < 1e-6)
    }

    @Test func `Waiting draws idle power, and those who work at once share it`() {
        let simulation = Simulation(seed: 1, idlePower: Watts(2))
        let (clock, machine) = (simulation.clock, simulation.machine)
        let group = DispatchGroup()
        clock.enter()
        for (seconds, watts) in [(2, 7.0), (3, 4.0), (3, 1.0)] {
            group.enter()
            clock.startThread(named: "test", stackSize: 1 << 20) {
                machine.work(for: .seconds(seconds), drawing: Watts(watts))
                group.leave()
            }
        }
        clock.sleep(until: clock.now() + .seconds(10))
        // 10 s · 2 W + 2 s · 5 W + 3 s · 2 W: who is said to draw less than a machine that waits adds nothing.
        #expect(abs(machine.read().value - 36) < 1e-9)
        #expect(machine.sources.description == "simulated")
        clock.leave()
        group.wait()
    }

    @Test func `A profile written by hand does not stop the clock`() {
        let simulation = Simulation(seed: 1, idlePower: Watts(2))
        var frames = simulation.frames
        var candidate = Self.candidate
        candidate.time.p90 = -5
        candidate.time.maximum = .greatestFiniteMagnitude
        simulation.clock.enter()
        for _ in 0..<1000 {
            let before = simulation.clock.now()
            var inference = Inference(time: .zero)
            frames.run(&inference, as: candidate, size: 1e300)
            #expect(simulation.clock.now() >= before)
        }
        simulation.clock.leave()
    }

    @Test(arguments: [(100, 2, 40), (35, 1, 35), (5, 1, 10)])
    func `Stages take the profile's times and are stopped at the limit`(left: Int, done: Int, time: Int) {
        let simulation = Simulation(seed: 1, idlePower: Watts(2))
        var frames = simulation.frames
        var candidate = Self.candidate
        candidate.stages = [10, 40].map {
            StageProfile(time: TimeStatistics(samples: [.milliseconds($0)]), accuracy: 0.5)
        }
        simulation.clock.enter()
        let begin = simulation.clock.now()
        // On the real machine both stages were done; the second is expected to take no time, so that it is begun.
        var inference = Inference(time: .seconds(1), stageTimes: [.milliseconds(1), .seconds(1)])
        frames.run(
            &inference, as: candidate, size: 1,
            within: StageLimit(left: .milliseconds(left), expected: [.zero, .seconds(-1)]))
        #expect(inference.stageTimes == Array([Duration.milliseconds(10), .milliseconds(40)].prefix(done)))
        #expect(inference.time == .milliseconds(time))
        #expect(simulation.clock.now() - begin == .milliseconds(time))
        simulation.clock.leave()
    }
}
