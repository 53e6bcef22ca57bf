import Machine
import Testing
import Units

struct PowerSettingTests {
    @Test(arguments: [
        ("cpu: 50%", "cpu-50%", "CPU bandwidth 50%"),
        ("package: 15 W", "package-15W", "package power limit 15W"),
        ("frequency: 1.8 GHz", "frequency-1.8GHz", "highest frequency 1.8GHz"),
        ("frequency:1800MHz", "frequency-1.8GHz", "highest frequency 1.8GHz"),
        ("preference: balance_power", "preference-balance_power", "energy preference balance_power"),
        ("gpu: 200 W", "gpu-200W", "GPU power limit 200W"),
        ("gpu-clock: 1.2 GHz", "gpu-clock-1200MHz", "highest GPU clock 1200MHz"),
        ("frequency: 2 GHz, cpu: 12.5 %", "cpu-12.5%+frequency-2GHz", "CPU bandwidth 12.5%, highest frequency 2GHz"),
    ])
    func aSettingHasANameThatReadsBack(text: String, name: String, words: String) throws {
        let setting = try PowerSetting(text)
        #expect(setting.name == name)
        #expect(setting.words == words)
        #expect(try PowerSetting(name) == setting)
    }

    @Test func keysAndValuesMakeOne() throws {
        #expect(
            try PowerSetting([("cpu", "50%"), ("package", "15 W")]).limits == [.cpu(percent: 50), .package(Watts(15))])
    }

    @Test(arguments: [
        ("", "found none"), ("speed: 3", "speed: unknown key"), ("cpu: 0%", "from 1% to 100%"),
        ("cpu: 101%", "from 1% to 100%"), ("cpu: fast", "cpu: fast: expected"), ("package: 15", "package: 15 W"),
        ("package: -3 W", "expected a package power limit"), ("frequency: nan GHz", "frequency: nan GHz"),
        ("preference: ../../etc", "preference: ../../etc"), ("cpu: 50%, cpu: 60%", "given twice"),
    ])
    func nonsenseIsRefusedWithWhatWasExpected(text: String, part: String) throws {
        let error = try #require(throws: MachineError.self) { _ = try PowerSetting(text) }
        #expect(error.code == .badSetting)
        #expect(error.message.contains(part))
    }
}
