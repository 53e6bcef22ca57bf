import Testing

@testable import Capture

struct SilenceCheckTests {
    private func take(_ check: inout SilenceCheck, _ samples: [Int16]) {
        samples.withUnsafeBytes { check.take($0, frames: samples.count) }
    }

    private let zeros = [Int16](repeating: 0, count: 160)

    @Test func `More than five seconds of zeros are silence`() {
        var check = SilenceCheck(rate: 16_000)
        for _ in 0..<500 { take(&check, zeros) }
        #expect(!check.isSilent)
        take(&check, [0])
        #expect(check.isSilent)
        for _ in 0..<1_000 { take(&check, zeros) }
        #expect(check.isSilent)
    }

    @Test(arguments: [0, 1, 80, 159])
    func `A single sample ends silence, wherever it is`(place: Int) {
        var check = SilenceCheck(rate: 16_000)
        for _ in 0..<600 { take(&check, zeros) }
        var sound = zeros
        sound[place] = -1
        take(&check, sound)
        #expect(!check.isSilent)
        for _ in 0..<500 { take(&check, zeros) }
        #expect(!check.isSilent)
    }

    @Test func `A sound that stays the same is not silence`() {
        var check = SilenceCheck(rate: 16_000)
        for _ in 0..<600 { take(&check, [Int16](repeating: 0x0101, count: 160)) }
        #expect(!check.isSilent)
    }

    @Test func `After a break silence counts anew`() {
        var check = SilenceCheck(rate: 16_000)
        for _ in 0..<600 { take(&check, zeros) }
        check.restart()
        #expect(!check.isSilent)
    }
}
