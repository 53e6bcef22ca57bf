import Alert
import Dispatch
import InMemoryLogging
import Logging
import Media
import Synchronization
import Testing
import Units

@testable import Pipelines

/// A table of models that are only numbers, on a processor that can be taken away.
@Suite(.timeLimit(.minutes(1)))
struct ResidentModelsTests {
    /// What was loaded in which order, and whether loading works.
    private final class Loader: Sendable {
        let loaded = Mutex<[Int]>([])
        let broken = Mutex<Set<Int>>([])

        func load(_ index: Int) throws -> Int {
            loaded.withLock { $0.append(index) }
            if broken.withLock({ $0.contains(index) }) {
                throw PipelinesError(.noRecognizers, "model \(index) is broken")
            }
            return index
        }
    }

    private let loader = Loader()

    private func table() -> ResidentModels<Int> {
        let loader = loader
        let models = ResidentModels<Int>(
            (0..<3).map {
                .init(
                    name: "model \($0)", processor: $0 == 2 ? "webgpu" : "cpu", candidates: CandidateSet([$0]),
                    bytes: 100)
            }, load: { try loader.load($0) }, warmUp: { _ in })
        return models
    }

    private func planner(budget: Int, models count: Int = 3) throws -> ResidencyPlanner {
        let candidates = (0..<count).map { index in
            CandidateProfile(
                candidate: Candidate(
                    recognizer: "r\(index)", setting: Setting(processor: index == 2 ? "webgpu" : "cpu", threads: 1)),
                time: TimeStatistics(samples: [.milliseconds(10 * (index + 1))]), power: Watts(5),
                accuracy: 0.6 + 0.1 * Double(index))
        }
        return try ResidencyPlanner(
            candidates: candidates, idlePower: .zero,
            goal: Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil)),
            models: (0..<count).map { .init(candidates: CandidateSet([$0]), bytes: 100) }, budget: budget)
    }

    private func wait(for condition: () -> Bool) -> Bool {
        let end = MonotonicTime.now() + .seconds(20)
        while !condition() {
            if MonotonicTime.now() > end { return false }
            (MonotonicTime.now() + .milliseconds(5)).sleep()
        }
        return true
    }

    @Test func `Before the start all may be chosen, and are loaded when they are`() throws {
        let models = table()
        #expect(models.ready == CandidateSet(0..<3))
        #expect(try models.model(for: 1) == 1)
        #expect(try models.model(for: 1) == 1)
        #expect(loader.loaded.withLock(\.self) == [1])
    }

    @Test func `A run that repeats itself has all that fits before it starts, the best first`() throws {
        let models = table()
        try models.start(planner(budget: 300), inBackground: false)
        #expect(models.ready == CandidateSet(0..<3))
        #expect(loader.loaded.withLock(\.self).first == 2)
        let few = table()
        try few.start(planner(budget: 250), inBackground: false)
        #expect(few.ready.count == 2)
    }

    @Test func `In the background the others follow`() throws {
        let models = table()
        defer { models.stop() }
        try models.start(planner(budget: 300), inBackground: true)
        #expect(models.ready.contains(2))
        #expect(wait { models.ready.count == 3 })
    }

    @Test func `Beside the best, what a slow machine needs is there before the run begins`() throws {
        // At a third of the speed the best one takes twice the deadline.
        let goal = try Goal(deadline: .milliseconds(45), objective: .minimizeError(energy: nil))
        var slow = try planner(budget: 300)
        slow.goal = goal
        let models = table()
        defer { models.stop() }
        try models.start(slow, inBackground: true)
        #expect(loader.loaded.withLock { Array($0.prefix(2)) } == [2, 0])
    }

    @Test func `What cannot be loaded is said once, and left out`() throws {
        loader.broken.withLock { $0 = [2] }
        let models = table()
        try models.start(planner(budget: 300), inBackground: false)
        #expect(models.ready == CandidateSet([0, 1]))
        // Who is told comes after the start.
        let log = InMemoryLogHandler()
        models.report(to: Logger(label: "test") { _ in log })
        #expect(log.entries.map { "\($0.message)" } == ["model 2: cannot be loaded and is left out: model 2 is broken"])
    }

    @Test func `Where nothing can be loaded the start fails and says why`() throws {
        loader.broken.withLock { $0 = [0, 1, 2] }
        #expect(throws: PipelinesError.self) { try table().start(planner(budget: 300), inBackground: true) }
    }

    @Test func `A lost processor's models go, and come back when a try works`() throws {
        let models = table()
        defer { models.stop() }
        try models.start(planner(budget: 300), inBackground: true)
        #expect(wait { models.ready.count == 3 })
        #expect(models.lose(2, because: "device lost"))
        #expect(models.ready == CandidateSet([0, 1]))
        #expect(models.losses == "webgpu: device lost")
        #expect(wait { models.ready.count == 3 })
        #expect(models.losses == nil)
    }

    @Test func `When the table is stopped nothing is being loaded any more, and nothing keeps it`() throws {
        let isLoading = Atomic<Bool>(false)
        weak var gone: ResidentModels<Int>?
        try withExtendedLifetime(()) {
            let models = ResidentModels<Int>(
                (0..<5).map { .init(name: "\($0)", processor: "cpu", candidates: CandidateSet([$0]), bytes: 100) },
                load: { $0 },
                warmUp: { _ in
                    isLoading.store(true, ordering: .sequentiallyConsistent)
                    (MonotonicTime.now() + .milliseconds(50)).sleep()
                    isLoading.store(false, ordering: .sequentiallyConsistent)
                })
            gone = models
            try models.start(planner(budget: 500, models: 5), inBackground: true)
            let began = wait { isLoading.load(ordering: .sequentiallyConsistent) }
            #expect(began)
            models.stop()
            let goesOn = isLoading.load(ordering: .sequentiallyConsistent)
            #expect(!goesOn)
            #expect(models.ready.count < 5)
            models.stop()
        }
        #expect(gone == nil)
    }

    @Test(arguments: [false, true])
    func `What is being loaded when its processor is lost is loaded again when it is back`(fails: Bool) throws {
        let attempts = Atomic<Int>(0)
        let (isLoading, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let models = ResidentModels<Int>(
            (0..<3).map {
                .init(
                    name: "model \($0)", processor: $0 == 1 ? "cpu" : "webgpu", candidates: CandidateSet([$0]),
                    bytes: 100)
            },
            load: { index in
                // The last one to be loaded, behind the run.
                guard index == 0, attempts.add(1, ordering: .relaxed).newValue == 1 else { return index }
                isLoading.signal()
                mayGoOn.wait()
                if fails { throw PipelinesError(.noRecognizers, "the device went away") }
                return -1
            }, warmUp: { _ in })
        defer { models.stop() }
        try models.start(planner(budget: 300), inBackground: true)
        #expect(isLoading.wait(timeout: .now() + 20) == .success)
        #expect(models.lose(2, because: "device lost"))
        mayGoOn.signal()
        #expect(wait { models.ready.count == 3 })
        #expect(try models.model(for: 0) == 0)
        #expect(models.losses == nil)
        let count = attempts.load(ordering: .relaxed)
        #expect(count == 2)
    }

    @Test func `The machine's own cores cannot be lost`() throws {
        let models = table()
        try models.start(planner(budget: 300), inBackground: false)
        #expect(!models.lose(0, because: "inference failed"))
        #expect(models.ready.count == 3)
    }

    @Test func `A lost processor's models are let go where nothing is loaded in the background either`() throws {
        final class Model {}
        weak var lost: Model?
        let models = ResidentModels<Model>(
            (0..<3).map {
                .init(name: "\($0)", processor: $0 == 2 ? "webgpu" : "cpu", candidates: CandidateSet([$0]), bytes: 100)
            }, load: { _ in Model() }, warmUp: { _ in })
        try models.start(planner(budget: 300), inBackground: false)
        lost = try models.model(for: 2)
        #expect(lost != nil)
        #expect(models.lose(2, because: "device lost"))
        #expect(lost == nil)
    }

    @Test func `A candidate of several models is ready when all are loaded, and then all of them stay`() throws {
        let loader = loader
        // The second candidate needs both models.
        let models = ResidentModels<Int>(
            [CandidateSet([0, 1]), CandidateSet([1])].map {
                .init(name: "model", processor: "cpu", candidates: $0, bytes: 100)
            }, load: { try loader.load($0) }, warmUp: { _ in })
        let planner = try ResidencyPlanner(
            candidates: (0..<2).map { index in
                CandidateProfile(
                    candidate: Candidate(recognizer: "r\(index)", setting: Setting(threads: 1)),
                    time: TimeStatistics(samples: [.milliseconds(10 * (index + 1))]), power: Watts(5),
                    accuracy: 0.7 + 0.1 * Double(index))
            },
            idlePower: .zero, goal: Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil)),
            models: models.plannedModels, budget: 100)
        // Only one of the models fits.
        try models.start(planner, inBackground: false)
        #expect(loader.loaded.withLock(\.self) == [0])
        #expect(models.ready == CandidateSet([0]))
        #expect(throws: NotResident.self) { try models.models([0, 1]) }
        #expect(try models.models([0]) == [0])
    }
}
