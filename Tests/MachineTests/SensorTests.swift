import Foundation
import Testing
import Units

@testable import Machine

/// Sensors that are asked at intervals, on copies of the kernel's files.
struct SensorTests {
    private let tree: MachineTree

    init() throws { tree = try MachineTree() }

    /// What a meter counts in some milliseconds, and how long that was at least and at most.
    private func measure(_ meter: any EnergyMeter) -> (energy: EnergyReading, least: Duration, most: Duration) {
        let outer = Duration.monotonic()
        let before = meter.reading()
        let inner = Duration.monotonic()
        usleep(20_000)
        let least = Duration.monotonic() - inner
        let energy = meter.reading() - before
        return (energy, least, Duration.monotonic() - outer)
    }

    private func sensorMeter(_ choice: EnergyMeters.Choice = .auto) throws -> SensorMeter {
        try #require(try tree.meters().meter(choice) as? SensorMeter)
    }

    private func expect(_ power: Watts, of meter: any EnergyMeter, by sources: String) {
        let (energy, least, most) = measure(meter)
        #expect(energy.total >= power * least)
        #expect(energy.total <= power * most)
        #expect(energy.sources.description == sources)
    }

    @Test func theRailsOfABoardAddUp() throws {
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        try tree.addMonitor(1, chip: "ina226", ["power1_input": "4500000"])
        try tree.addMonitor(2, chip: "k10temp", ["temp1_input": "45000"])
        let meter = try sensorMeter()
        expect(Watts(7.5), of: meter, by: "hwmon")
        try tree.addMonitor(1, chip: "ina226", ["power1_input": "500000"])
        meter.refresh()
        expect(Watts(3.5), of: meter, by: "hwmon")
    }

    @Test func aRailThatHoldsTheOthersIsTakenAlone() throws {
        try tree.addMonitor(
            0, chip: "ina3221",
            [
                "power1_input": "9000000", "power1_label": "VDD_IN", "power2_input": "4000000",
                "power2_label": "VDD_CPU_GPU",
            ])
        expect(Watts(9), of: try sensorMeter(), by: "hwmon")
    }

    @Test func aRailThatHoldsThoseOfOtherChipsIsTakenAlone() throws {
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        try tree.addMonitor(1, chip: "ina3221", ["power1_input": "9000000", "power1_label": "VDD_IN"])
        try tree.addMonitor(2, chip: "ina226", ["power1_input": "4000000"])
        expect(Watts(9), of: try sensorMeter(), by: "hwmon")
    }

    @Test func twoKindsOfChipsThatEachCoverTheMachineAreNotAdded() throws {
        try tree.addMonitor(0, chip: "corsairpsu", ["power1_input": "80000000"])
        try tree.addMonitor(1, chip: "power_meter", ["power1_average": "90000000"])
        try tree.addMonitor(2, chip: "ina226", ["power1_input": "3000000"])
        expect(Watts(90), of: try sensorMeter(), by: "hwmon")
    }

    @Test func theRailsThatCanBeReadDoNotStandForTheMachine() throws {
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        try tree.addMonitor(1, chip: "ina226", ["power1_input": "nonsense"])
        #expect(try tree.meters().meter().sources.description == "estimated")
        let error = #expect(throws: MachineError.self) { try tree.meters().meter(.hwmon) }
        #expect(error?.message.contains("hwmon1/power1_input") == true)
        try tree.addMonitor(2, chip: "corsairpsu", ["power1_input": "80000000"])
        expect(Watts(80), of: try sensorMeter(), by: "hwmon")
    }

    @Test func aCountOfEnergyComesBeforeAFigureOfPower() throws {
        try tree.addMonitor(0, chip: "ina238", ["energy1_input": "100000000", "power1_input": "1"])
        let meter = try sensorMeter(.hwmon)
        let before = meter.reading()
        try tree.addMonitor(0, chip: "ina238", ["energy1_input": "102000000"])
        meter.refresh()
        let energy = meter.reading() - before
        // Beyond the count, what was drawn last is taken to go on until now.
        #expect(energy.total >= Joules(2))
    }

    @Test func aCountThatBeginsAnewIsNotTakenForEnergy() throws {
        try tree.addMonitor(0, chip: "ina238", ["energy1_input": "100000000"])
        let meter = try sensorMeter(.hwmon)
        let before = meter.reading()
        try tree.addMonitor(0, chip: "ina238", ["energy1_input": "5"])
        meter.refresh()
        #expect((meter.reading() - before)[.hwmon] == .zero)
    }

    @Test func aGraphicsCardIsCountedBesideTheProcessor() throws {
        try tree.addPackages()
        try tree.addMonitor(0, chip: "amdgpu", ["power1_average": "50000000"])
        let meter = try sensorMeter()
        let before = meter.reading()
        try tree.setZone("intel-rapl:0", "2000000\n")
        let energy = meter.reading() - before
        #expect(energy[.rapl] == Joules(1))
        #expect(energy[.hwmon] > .zero)
        #expect(energy.total == energy[.rapl] + energy[.hwmon])
        #expect(energy.sources.description == "rapl+hwmon")
    }

    @Test func whereOnlyAGraphicsCardIsMeasuredTheRestIsEstimated() throws {
        try tree.addMonitor(0, chip: "amdgpu", ["power1_average": "50000000"])
        for choice in [EnergyMeters.Choice.auto, .hwmon] {
            let energy = measure(try sensorMeter(choice)).energy
            #expect(energy.sources.description == "hwmon+estimated")
            #expect(energy[.hwmon] > .zero && energy[.estimated] > .zero)
        }
    }

    @Test func everySourceThatGoesAwayIsTold() throws {
        for card in 0...1 { try tree.addMonitor(card, chip: "amdgpu", ["power1_average": "50000000"]) }
        let meter = try sensorMeter()
        for card in 0...1 { try tree.write("", to: "/sys/class/hwmon/hwmon\(card)/power1_average") }
        let listener = Listener()
        meter.tell(listener.hear)
        meter.refresh()
        #expect(listener.lines.count == 2)
    }

    @Test func theTimeThatADeviceDidNotAnswerIsEstimated() throws {
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        let meter = try sensorMeter()
        try tree.write("", to: "/sys/class/hwmon/hwmon0/power1_input")
        meter.refresh()
        let before = meter.reading()
        usleep(5_000)
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        meter.refresh()
        let energy = meter.reading() - before
        #expect(energy[.estimated] > .zero)
        expect(Watts(3), of: meter, by: "hwmon")
    }

    @Test func aGraphicsCardThatGoesAwayIsToldOnceAndTheRestIsStillCounted() throws {
        try tree.addPackages()
        try tree.addMonitor(0, chip: "amdgpu", ["power1_average": "50000000"])
        let meter = try sensorMeter()
        let listener = Listener()
        meter.tell(listener.hear)
        try tree.write("", to: "/sys/class/hwmon/hwmon0/power1_average")
        meter.refresh()
        meter.refresh()
        let before = meter.reading()
        try tree.setZone("intel-rapl:0", "2000000\n")
        let energy = meter.reading() - before
        #expect(energy.total == Joules(1))
        #expect(energy.sources.description == "rapl")
        #expect(
            listener.lines
                == ["energy: hwmon amdgpu power1 holds nothing any more; it is not counted while that lasts"])
    }

    @Test func aChipWhoseFiguresCouldBeAnythingIsNotCounted() throws {
        try tree.addMonitor(0, chip: "mystery", ["power1_input": "50000000"])
        #expect(try tree.meters().meter().sources.description == "estimated")
        let error = #expect(throws: MachineError.self) { try tree.meters().meter(.hwmon) }
        #expect(error?.message.contains("heed does not know what mystery measures") == true)
    }

    @Test func aBatteryIsAMeterWhileItFeedsTheMachine() throws {
        try tree.setBattery(["status": "Discharging", "power_now": "12000000"])
        try tree.setBattery(["status": "Discharging", "power_now": "90000000", "scope": "Device"], name: "mouse")
        expect(Watts(12), of: try sensorMeter(), by: "battery")
    }

    @Test func aBatteryWithoutAFigureOfPowerHasCurrentTimesVoltage() throws {
        try tree.setBattery(["status": "Discharging", "current_now": "-1500000", "voltage_now": "8000000"])
        try tree.setBattery(["status": "Not charging", "current_now": "0", "voltage_now": "8100000"], name: "BAT1")
        expect(Watts(12), of: try sensorMeter(.battery), by: "battery")
    }

    @Test func onMainsTheBatteryIsNoMeterAndComesBackWhenItIsOne() throws {
        try tree.setBattery(["status": "Full", "power_now": "0"])
        let error = #expect(throws: MachineError.self) { try tree.meters().meter(.battery) }
        #expect(error?.message.contains("on mains") == true && error?.message.contains("Unplug the charger") == true)

        try tree.setBattery(["status": "Discharging", "power_now": "10000000"])
        let meter = try sensorMeter()
        let listener = Listener()
        meter.tell(listener.hear)
        try tree.setBattery(["status": "Charging", "power_now": "30000000"])
        meter.refresh()
        #expect(measure(meter).energy.sources.description == "estimated")
        #expect(listener.lines.count == 1)
        try tree.setBattery(["status": "Discharging", "power_now": "8000000"])
        meter.refresh()
        expect(Watts(8), of: meter, by: "battery")
    }

    @Test func theProcessorsCountersComeBeforeTheBattery() throws {
        try tree.addPackages()
        try tree.setBattery(["status": "Discharging", "power_now": "12000000"])
        #expect(try tree.meters().meter().sources.description == "rapl")
    }

    @Test(arguments: EnergyMeters.Choice.allCases)
    func aMeterThatIsAskedForByNameAndNotThereIsAnErrorWithWhatToDo(choice: EnergyMeters.Choice) throws {
        let meters = tree.meters(nvml: "/nowhere/libnvidia-ml.so.1")
        if choice == .auto || choice == .estimated {
            #expect(try meters.meter(choice).sources.description == "estimated")
            return
        }
        let error = #expect(throws: MachineError.self) { try meters.meter(choice) }
        #expect(error?.code == .missing)
        #expect(error?.message.hasPrefix("energy meter `\(choice.rawValue)`: ") == true)
        #expect(error?.message.hasSuffix("Use another meter, such as `auto`.") == true)
    }

    @Test func aReadingIsTheSumOfItsSourcesAndNeverLess() throws {
        try tree.addMonitor(0, chip: "ina226", ["power1_input": "3000000"])
        let meter = try sensorMeter()
        var last = meter.reading()
        for milliwatts in [5_000, 0, 9_000, 1] {
            try tree.addMonitor(0, chip: "ina226", ["power1_input": "\(milliwatts * 1_000)"])
            meter.refresh()
            let now = meter.reading()
            #expect(now.total >= last.total)
            last = now
        }
    }
}
