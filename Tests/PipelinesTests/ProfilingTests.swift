import Alert
import Foundation
import Machine
import Synchronization
import Testing
import Units

@testable import Pipelines

/// The rules of profiles, with candidates whose times are given.
final class ProfilingTests {
    /// Each time is its recogniser's times its setting's; nothing is run.
    private final class GivenCandidates: MeasurableCandidates {
        private(set) var candidates: [Candidate]
        private(set) var measured: Set<Candidate> = []
        let runtimeVersion = "1"
        let modelHashes = ["small": "aa", "medium": "bb", "large": "cc"]
        let kinds: [String: String] = [:]
        let devices: [String: String]
        let meter = GivenMeter()
        let measuredRuns = 4...8
        /// The thread counts with which nothing runs.
        var failing: Set<Int> = []
        var failsOnlyFirst = false
        /// Called with the number of runs so far.
        var onRun: (Int) -> Void = { _ in }
        private(set) var runs = 0
        /// Whether each answers in two stages, the first after a quarter of the time.
        var hasStages = false
        struct Failure: Error, CustomStringConvertible { let description = "the graph is refused" }
        private let recognizers: KeyValuePairs = ["small": 10.0, "medium": 20, "large": 40]

        init(threads: [Int], devices: [String: String] = [:]) {
            self.devices = devices
            candidates = recognizers.flatMap { name, _ in
                threads.map { Candidate(recognizer: name, setting: Setting(threads: $0)) }
            }
        }

        func expectedAccuracies(of candidate: Int) -> [Double] {
            let accuracy: Double = ["small": 0.7, "medium": 0.8, "large": 0.9][candidates[candidate].recognizer] ?? 0
            return hasStages ? [accuracy - 0.2, accuracy] : [accuracy]
        }
        func loadForMeasuring(_: Int) {}
        func measure(_ candidate: Int) -> [Duration] {
            let (name, threads) = (candidates[candidate].recognizer, candidates[candidate].setting.threads)
            measured.insert(candidates[candidate])
            meter.count()
            runs += 1
            onRun(runs)
            let base = recognizers.first { $0.key == name }?.value ?? 0
            let time = Duration.milliseconds(base / Double(threads))
            return hasStages ? [time / 4, time] : [time]
        }
        func growth(of candidate: Int, time _: Duration) throws -> Double {
            let (name, threads) = (candidates[candidate].recognizer, candidates[candidate].setting.threads)
            if failing.contains(threads), !failsOnlyFirst || name == "small" { throw Failure() }
            return 0
        }
        func keep(_ kept: [Int]) { candidates = kept.map { candidates[$0] } }
    }

    /// Counts a joule for each run of a candidate, and none for waiting.
    private final class GivenMeter: EnergyMeter {
        private let runs = Atomic<Int>(0)
        var sources: EnergySources { EnergySources(.estimated) }
        func count() { runs.add(1, ordering: .relaxed) }
        func reading() -> EnergyReading { EnergyReading(.estimated, Joules(Double(runs.load(ordering: .relaxed)))) }
    }

    private let path = NSTemporaryDirectory() + "heed-profiling-\(UUID().uuidString).json"
    private var store: ProfileStore { ProfileStore(path: path) }

    deinit {
        for ending in ["", ".unfinished", ".whole"] { try? FileManager.default.removeItem(atPath: path + ending) }
    }

    @Test func aPartIsMeasuredAndTheRestEstimatedAndMarked() throws {
        let set = GivenCandidates(threads: [1, 2, 4, 8, 16])
        let (profile, errors) = try store.estimatedProfile(for: set, machine: try .current(), meter: set.meter)
        #expect(profile.candidates.map(\.candidate) == set.candidates)
        let estimated = profile.candidates.filter { !$0.isMeasured }
        #expect(Set(estimated.map(\.candidate)) == Set(set.candidates).subtracting(set.measured))
        #expect(estimated.count == 6)
        for (index, candidate) in profile.candidates.enumerated() {
            #expect(abs(candidate.time.median / set.measure(index)[0].milliseconds - 1) < 1e-6)
            #expect([candidate.accuracy] == set.expectedAccuracies(of: index))
        }
        #expect(errors.allSatisfy { $0 < 1e-6 })
        let stored = try #require(try store.load())
        #expect(stored.candidates.filter { !$0.isMeasured }.map(\.candidate) == estimated.map(\.candidate))
    }

    @Test(arguments: [false, true])
    func stagesAreMeasuredOrEstimatedOneByOne(isPartMeasured: Bool) throws {
        let set = GivenCandidates(threads: [1, 2, 4, 8, 16])
        set.hasStages = true
        let profile =
            isPartMeasured
            ? try store.estimatedProfile(for: set, machine: try .current(), meter: set.meter).profile
            : try store.profile(for: set, machine: try .current(), meter: set.meter)
        for (index, candidate) in profile.candidates.enumerated() {
            #expect(throws: Never.self) { try candidate.check() }
            let times = set.measure(index).map(\.milliseconds)
            #expect(candidate.stages.count == 2)
            #expect(zip(candidate.stages, times).allSatisfy { abs($0.time.median / $1 - 1) < 1e-6 })
            #expect(candidate.stages.map(\.accuracy) == set.expectedAccuracies(of: index))
        }
        let stored = try #require(try store.load())
        #expect(Set(stored.candidates.map(\.stages)) == Set(profile.candidates.map(\.stages)))
    }

    @Test func measuringWithoutAPartReplacesEstimates() throws {
        let set = GivenCandidates(threads: [1, 2, 4, 8, 16])
        _ = try store.estimatedProfile(for: set, machine: try .current(), meter: set.meter)
        _ = try store.profile(for: set, machine: try .current(), meter: set.meter, trust: .measureAnew)
        #expect(try store.load()?.candidates.allSatisfy { $0.isMeasured } == true)
    }

    @Test func whatDoesNotRunIsLeftOutAndSaid() throws {
        let set = GivenCandidates(threads: [1, 2])
        set.failing = [2]
        var said: [String] = []
        let profile = try store.profile(
            for: set, machine: try .current(), meter: set.meter, notice: { said.append($0) })
        #expect(profile.candidates.map(\.candidate.setting.threads) == [1, 1, 1])
        #expect(said.count == 3 && said.allSatisfy { $0.contains("@cpu-2t is left out") && $0.contains("is refused") })
        set.failing = [1, 2]
        #expect(throws: GivenCandidates.Failure.self) {
            try store.profile(for: set, machine: try .current(), meter: set.meter, trust: .measureAnew)
        }
    }

    @Test func whatStandsForOthersAndDoesNotRunIsReplacedByThem() throws {
        let set = GivenCandidates(threads: [1, 2, 4, 8, 16])
        // The first recogniser's column, from which the others' times with 16 threads would have been estimated.
        set.failsOnlyFirst = true
        set.failing = [16]
        let (profile, _) = try store.estimatedProfile(for: set, machine: try .current(), meter: set.meter)
        let sixteen = profile.candidates.filter { $0.candidate.setting.threads == 16 }
        #expect(sixteen.map(\.candidate.recognizer) == ["medium", "large"])
        for (index, candidate) in set.candidates.enumerated() {
            guard let found = profile.candidates.first(where: { $0.candidate == candidate }) else { continue }
            #expect(abs(found.time.median / set.measure(index)[0].milliseconds - 1) < 1e-6)
        }
    }

    @Test func whatIsStoppedIsKeptAndGoneOnFromAtTheNextStart() throws {
        let machine = try MachineDescription.current()
        let whole = GivenCandidates(threads: [1, 2])
        _ = try ProfileStore(path: path + ".whole").profile(
            for: whole, machine: machine, meter: whole.meter, trust: .measureAnew)
        let first = GivenCandidates(threads: [1, 2])
        var isStopped = false
        first.onRun = { if $0 == 20 { isStopped = true } }
        let error = try #require(throws: PipelinesError.self) {
            try self.store.profile(
                for: first, machine: machine, meter: first.meter, trust: .measureAnew,
                unfinished: UnfinishedRuns(of: self.store, isStopped: { isStopped }))
        }
        #expect(error.code == .stopped)
        #expect(error.message.contains(path + ".unfinished"))
        #expect(first.runs == 20)
        #expect(try store.load() == nil)

        let second = GivenCandidates(threads: [1, 2])
        let unfinished = UnfinishedRuns(of: store, isStopped: { false })
        var said: [String] = []
        let profile = try store.profile(
            for: second, machine: machine, meter: second.meter, trust: .measureAnew, unfinished: unfinished,
            notice: { said.append($0) })
        #expect(said == ["goes on from what was measured until it was stopped"])
        #expect(second.runs < whole.runs)
        #expect(profile.candidates.allSatisfy { $0.time.runs == 4 })
        unfinished.remove()
        #expect(!FileManager.default.fileExists(atPath: path + ".unfinished"))
    }

    @Test func whatWasMeasuredOfOtherModelsIsNotGoneOnFrom() throws {
        let first = GivenCandidates(threads: [1])
        _ = try? store.profile(
            for: first, machine: try .current(), meter: first.meter, trust: .measureAnew,
            unfinished: UnfinishedRuns(of: store, isStopped: { first.runs == 10 }))
        let other = GivenCandidates(threads: [1], devices: ["webgpu": "a GPU"])
        var said: [String] = []
        _ = try store.profile(
            for: other, machine: try .current(), meter: other.meter, trust: .measureAnew,
            unfinished: UnfinishedRuns(of: store, isStopped: { false }), notice: { said.append($0) })
        #expect(said.isEmpty)
    }

    @Test(arguments: ["/proc/profile.json", "/dev/null/profile.json"])
    func aPlaceThatTakesNoFileIsFoundBeforeMeasuring(place: String) throws {
        let set = GivenCandidates(threads: [1])
        let error = try #require(throws: PipelinesError.self) {
            try ProfileStore(path: place).profile(for: set, machine: try .current(), meter: set.meter)
        }
        #expect(error.message.hasPrefix("\(place): the profile cannot be written: "))
        #expect(set.runs == 0)
    }

    @Test func progressRisesToItsEndAndTellsTheTimeLeft() throws {
        var shown: [ProfilingProgress] = []
        _ = try store.profile(
            for: GivenCandidates(threads: [1, 2]), machine: try .current(), meter: GivenMeter(),
            onProgress: { shown.append($0) })
        #expect(shown.map(\.share) == shown.map(\.share).sorted())
        #expect(shown.first == ProfilingProgress(share: 0))
        #expect(shown.last == ProfilingProgress(share: 1, timeLeft: .zero))
        #expect(shown.dropFirst().allSatisfy { $0.timeLeft != nil })
    }

    @Test func theDominatedStayInTheFileWithTheirDominator() throws {
        let set = GivenCandidates(threads: [1, 2])
        let all = try store.profile(for: set, machine: try .current(), meter: set.meter)
        let stored = try #require(try store.load())
        #expect(stored.candidates.map(\.dominatedBy) == all.candidates.map(\.dominatedBy))
        #expect(stored.candidates.count == set.candidates.count)
    }

    @Test func whatIsDominatedDependsOnTheCandidatesAskedFor() throws {
        let wide = GivenCandidates(threads: [1, 8])
        let both = try store.profile(for: wide, machine: try .current(), meter: wide.meter)
        // Eight times as fast on eight threads, for as much energy: one thread is never better.
        #expect(both.candidates.filter { $0.dominatedBy == nil }.allSatisfy { $0.candidate.setting.threads == 8 })
        let one = try store.profile(for: GivenCandidates(threads: [1]), machine: try .current(), meter: GivenMeter())
        #expect(one.candidates.allSatisfy { $0.dominatedBy == nil })
    }

    @Test func aProfileOfTheFirstFormatIsStillGood() throws {
        let set = GivenCandidates(threads: [1])
        _ = try store.profile(for: set, machine: try .current(), meter: set.meter)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        keys["format"] = "heed-profile/1"
        keys["processors"] = nil
        try JSONSerialization.data(withJSONObject: keys).write(to: URL(fileURLWithPath: path))
        let again = GivenCandidates(threads: [1])
        #expect(try store.profile(for: again, machine: try .current(), meter: GivenMeter()).candidates.count == 3)
        #expect(again.measured.isEmpty)
    }

    @Test func aProfileOfALaterFormatIsRefusedWithWhatToDo() throws {
        try #"{"format": "heed-profile/3"}"#.write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: PipelinesError.self) { try self.store.load() }
        #expect(error.message.contains("heed-profile/3"))
        #expect(error.message.contains("remove it and run `heed profile`"))
    }

    @Test func aProfileOfAnotherDeviceIsRefusedAndOneWithoutItHolds() throws {
        let machine = try MachineDescription.current()
        _ = try store.profile(for: GivenCandidates(threads: [1]), machine: machine, meter: GivenMeter())
        let first = GivenCandidates(threads: [1, 2], devices: ["webgpu": "one GPU"])
        _ = try store.profile(for: first, machine: machine, meter: GivenMeter())
        #expect(first.measured.allSatisfy { $0.setting.threads == 2 })
        let other = GivenCandidates(threads: [1], devices: ["webgpu": "another GPU"])
        let error = try #require(throws: PipelinesError.self) {
            try self.store.profile(for: other, machine: machine, meter: GivenMeter())
        }
        #expect(error.message.contains("webgpu: measured with one GPU, here is another GPU"))
    }
}
