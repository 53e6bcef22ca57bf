import Foundation
import Testing
import Units

@testable import Machine

@Suite struct CoRunnerTests {
    private func loads(_ environment: CoRunnerEnvironment, seed: UInt64, count: Int = 2000) -> [CoRunnerLoad?] {
        var schedule = CoRunnerSchedule(environment, seed: seed)
        return (0..<count).map { _ in schedule.next() }
    }

    @Test func aChangingEnvironmentIsTheSameForTheSameSeedOnly() {
        #expect(loads(.changing, seed: 7) == loads(.changing, seed: 7))
        #expect(loads(.changing, seed: 7) != loads(.changing, seed: 8))
    }

    @Test func inAChangingEnvironmentCoRunnersOfBothKindsComeAndGo() {
        let loads = loads(.changing, seed: 3)
        var stays: [(load: CoRunnerLoad?, length: Int)] = []
        for load in loads {
            if let last = stays.last, last.load == load {
                stays[stays.count - 1].length += 1
            } else {
                stays.append((load, 1))
            }
        }
        #expect(stays.first?.load == nil)
        #expect(stays.dropLast().allSatisfy { (10...50).contains($0.length) })
        #expect(zip(stays, stays.dropFirst()).allSatisfy { ($0.load == nil) != ($1.load == nil) })
        let kinds = Set(stays.compactMap(\.load))
        #expect(kinds.count > 4)
        #expect(kinds.allSatisfy { $0.share >= 0.5 && $0.share <= 1 })
    }

    @Test func theOtherEnvironmentsNeverChange() {
        #expect(loads(.idle, seed: 1).allSatisfy { $0 == nil })
        #expect(loads(.compute, seed: 1).allSatisfy { $0 == CoRunnerLoad(.compute) })
        #expect(loads(.memory, seed: 1).allSatisfy { $0 == CoRunnerLoad(.memory) })
    }

    @Test func aPinnedThreadMayUseItsCoreAlone() async throws {
        let core = try #require(try CoreAffinity.allowed().last)
        let left = await withCheckedContinuation { continuation in
            Thread {
                try? CoreAffinity.pin(toCore: core)
                continuation.resume(returning: (try? CoreAffinity.allowed()) ?? [])
            }.start()
        }
        #expect(left == [core])
    }

    @Test(arguments: [-1, 100_000]) func aCoreThatIsNotThereIsRefused(core: Int) throws {
        #expect { try CoreAffinity.pin(toCore: core) } throws: { "\($0)".contains("core \(core) may not be used here") }
        #expect(throws: MachineError.self) { try CoRunnerThreads(CoRunnerLoad(.compute), cores: [core]) }
    }

    @Test(arguments: CoRunnerKind.allCases) func aLoadTakesProcessorTimeUntilItIsEnded(kind: CoRunnerKind) throws {
        let core = try #require(try CoreAffinity.allowed().first)
        let before = ProcessorTime.process()
        let threads = try CoRunnerThreads(CoRunnerLoad(kind, share: 0.5), cores: [core], streaming: 4 << 20)
        // Ends: the load works until it is ended.
        while ProcessorTime.process() - before < .milliseconds(50) { Thread.sleep(forTimeInterval: 0.005) }
        threads.end()
    }

    @Test func fourTimesTheLargestCacheIsStreamedWithinAQuarterOfTheMemory() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "heed-caches-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (index, size) in ["32K", "1024K", "65536K"].enumerated() {
            let folder = "\(root)/sys/devices/system/cpu/cpu0/cache/index\(index)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "\(size)\n".write(toFile: "\(folder)/size", atomically: true, encoding: .utf8)
        }
        #expect(CoRunnerWork.bytesToStream(files: KernelFiles(root: root), available: 8 << 30) == 256 << 20)
        #expect(CoRunnerWork.bytesToStream(files: KernelFiles(root: root), available: 400 << 20) == 100 << 20)
        #expect(CoRunnerWork.bytesToStream(files: KernelFiles(root: "/nowhere"), available: 8 << 30) == 128 << 20)
    }
}
