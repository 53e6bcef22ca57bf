import Foundation
import Media
import Testing

@testable import Pipelines

struct SampleGateTests {
    private struct StreamFailure: Error {}

    private func gate(capacity: Int, overflow: GateOverflow) -> SampleGate<SensedFrame> {
        SampleGate(capacity: capacity, overflow: overflow) {
            FrameStage.result(of: $0, outcome: .superseded, reason: "")
        }
    }

    private func sample(_ sequence: Int, leaves timeLeft: Duration = .seconds(10)) -> Sample<SensedFrame> {
        let now = MonotonicTime.now()
        return Sample(
            sequence: sequence, captured: now, timeQuality: .scheduled, deadline: now + timeLeft,
            payload: SensedFrame(damage: "r", name: "n"))
    }

    private func drain(_ gate: SampleGate<SensedFrame>, needed: Duration = .zero) -> (ready: [Int], superseded: [Int]) {
        var drained: (ready: [Int], superseded: [Int]) = ([], [])
        while let taken = gate.take(needed: needed) {
            switch taken {
            case .ready(let sample): drained.ready.append(sample.sequence)
            case .settled(let result): drained.superseded.append(result.sequence)
            }
        }
        return drained
    }

    @Test func aFullGateSupersedesTheOldestAndLosesNone() {
        let gate = gate(capacity: 2, overflow: .supersede)
        for sequence in 0..<5 { #expect(gate.push(sample(sequence))) }
        gate.close()
        let drained = drain(gate)
        #expect(drained.superseded == [0, 1, 2])
        #expect(drained.ready == [3, 4])
    }

    @Test func aSampleWithTooLittleTimeLeftGivesItsPlaceToANewerOne() {
        let gate = gate(capacity: 4, overflow: .supersede)
        for sequence in 0..<3 { _ = gate.push(sample(sequence, leaves: .milliseconds(1))) }
        gate.close()
        let drained = drain(gate, needed: .seconds(1))
        #expect(drained.superseded == [0, 1])
        #expect(drained.ready == [2])
    }

    @Test func aGateThatWaitsSupersedesNothing() {
        let gate = gate(capacity: 1, overflow: .wait)
        let feeder = Thread {
            for sequence in 0..<100 { _ = gate.push(self.sample(sequence, leaves: .zero)) }
            gate.close()
        }
        feeder.start()
        let drained = drain(gate, needed: .seconds(1))
        #expect(drained.ready == Array(0..<100))
        #expect(drained.superseded.isEmpty)
    }

    @Test func stoppingFreesAFeederThatWaitsForRoom() {
        let gate = gate(capacity: 1, overflow: .wait)
        #expect(gate.push(sample(0)))
        let feeder = Thread {
            let wanted = gate.push(self.sample(1))
            gate.close(failure: wanted ? StreamFailure() : nil)
        }
        feeder.start()
        gate.stop()
        #expect(drain(gate).ready.first == 0)
        #expect(gate.streamFailure == nil)
    }

    @Test func aFailureOfTheStreamIsToldAfterWhatCameBeforeIt() {
        let gate = gate(capacity: 4, overflow: .supersede)
        _ = gate.push(sample(0))
        gate.close(failure: StreamFailure())
        #expect(drain(gate).ready == [0])
        #expect(gate.streamFailure is StreamFailure)
    }
}
