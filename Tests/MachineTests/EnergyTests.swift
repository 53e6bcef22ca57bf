import Machine
import Testing
import Units

struct EnergyTests {
    @Test func aModelCountsIdleTimeAndBusyCores() {
        let model = PowerModel(idle: Watts(4), core: Watts(6))
        #expect(model.energy(over: .seconds(2), processorTime: .seconds(3)) == Joules(26))
        #expect(model.energy(over: .seconds(2), processorTime: .zero) == Joules(8))
    }

    @Test func anEstimateIsCalledOne() {
        #expect(EstimatedEnergyMeter().sources.description == "estimated")
    }

    @Test func anEstimateGrowsByTheWorkDone() {
        let meter = EstimatedEnergyMeter(model: PowerModel(idle: .zero, core: Watts(10)))
        let start = ProcessorTime.process()
        let before = meter.read()
        work(for: .milliseconds(20))
        let spent = meter.read() - before
        #expect(spent >= Joules(0.2))
        #expect(spent <= Watts(10) * (ProcessorTime.process() - start))
    }

    @Test func anEstimateGrowsWhileTheMachineWaits() {
        let meter = EstimatedEnergyMeter(model: PowerModel(idle: Watts(10), core: .zero))
        let before = meter.read()
        work(for: .milliseconds(5))
        #expect(meter.read() - before >= Joules(0.05) - Joules(1e-6))
    }

    /// Works until this thread has used this much processor time.
    private func work(for time: Duration) {
        let start = ProcessorTime.thread()
        while ProcessorTime.thread() - start < time {}
    }
}
