import Alert
import Capture
import Foundation
import Media
import Units

/// The models of a stream: which are loaded, and a thread in the background that loads the others.
///
/// Until `start` each model is loaded when it is first asked for. From then on the recognising thread asks for those that
/// are `ready` only; what is loaded next and what is given up for it is the planner's to say. A model is warmed up by an
/// inference before it counts as ready. Models of a processor that is lost are let go, and loaded again when a try works.
final class ResidentModels<Model>: @unchecked Sendable {
    // All mutable state is touched with `bell` locked. A model is touched by one thread at a time: the loading thread's
    // until it is put into the table, then the recognising thread's, which asks for one at a time; what is taken out of
    // the table, never the one in use, is let go by the loading thread.

    /// What is known of a model before it is loaded.
    struct Source {
        /// What it is called where it cannot be loaded.
        var name: String
        /// What it runs on.
        var processor: String
        /// The candidates that it lets run.
        var candidates: CandidateSet
        /// The memory that it will take, as far as that is known.
        var bytes: Int
    }

    private var sources: [Source]
    private let load: (Int) throws -> Model
    private let warmUp: (Model) throws -> Void
    private let bell = NSCondition()
    private var models: [Model?]
    private var planner: ResidencyPlanner?
    private var health = ProcessorHealth()
    private var failed = CandidateSet()
    private var inUse: Int?
    private var slowdown = 1.0
    private var isStopping = false
    /// What the loading thread signals at its end; nil where there is none.
    private var loadingEnd: DispatchSemaphore?
    /// Where lines go that tell what happens.
    private var receiver: (@Sendable (String) -> Void)?
    /// Lines from before there was one.
    private var untold: [String] = []
    /// How often a processor was lost.
    private var changes = 0
    /// Models of a lost processor, until the loading thread lets them go.
    private var discarded: [Model] = []

    /// Makes a table in which nothing is loaded.
    ///
    /// - Parameters:
    ///   - load: Loads a model; called by any thread.
    ///   - warmUp: Runs it once.
    init(_ sources: [Source], load: @escaping (Int) throws -> Model, warmUp: @escaping (Model) throws -> Void) {
        self.sources = sources
        self.load = load
        self.warmUp = warmUp
        models = sources.map { _ in nil }
    }

    /// What a planner must know of the models.
    var plannedModels: [ResidencyPlanner.Model] {
        bell.withLock { sources.map { .init(candidates: $0.candidates, bytes: $0.bytes) } }
    }

    /// Keeps these of the candidates, which are numbered anew in this order, and the models that they need. Before `start`.
    func keep(_ kept: [Int]) {
        bell.withLock {
            for index in sources.indices {
                let before = sources[index].candidates
                sources[index].candidates = CandidateSet(kept.indices.filter { before.contains(kept[$0]) })
                guard sources[index].candidates.isEmpty else { continue }
                models[index] = nil
                failed.insert(index)
            }
        }
    }

    /// The model that a candidate runs on.
    func index(of candidate: Int) -> Int {
        bell.withLock { sources.firstIndex { $0.candidates.contains(candidate) } ?? candidate }
    }

    /// The candidates that can run now.
    var ready: CandidateSet {
        bell.withLock {
            sources.indices.reduce(CandidateSet()) {
                $1 < models.count && (models[$1] != nil || planner == nil) ? $0.union(sources[$1].candidates) : $0
            }
        }
    }

    /// Which processors are lost, and why; nil while all are well.
    var losses: String? { bell.withLock { health.words } }

    /// The model that a candidate runs on; see `model(_:)`.
    func model(for candidate: Int) throws -> Model { try model(index(of: candidate)) }

    /// The model at an index, which stays until another is asked for; until `start`, loaded now if it is not there.
    ///
    /// - Throws: From `start` on `NotResident`, where it was given up since it was said to be ready.
    func model(_ index: Int) throws -> Model {
        let (there, isStarted) = bell.withLock {
            if models[index] != nil || planner == nil { inUse = index }
            return (models[index], planner != nil)
        }
        if let there { return there }
        if isStarted { throw NotResident(name: sources[index].name) }
        let model = try load(index)
        bell.withLock { models[index] = model }
        return model
    }

    /// Notes how much slower than profiled the machine is.
    func note(slowdown: Double) { bell.withLock { self.slowdown = slowdown } }

    /// Says where lines about models that cannot be loaded, and processors that are lost and come back, go: those from
    /// before, which nobody has been told, and those from now on.
    ///
    /// - Parameter notice: Takes a line; must not wait, nor ask the table for anything.
    func report(to notice: @escaping @Sendable (String) -> Void) {
        bell.withLock {
            receiver = notice
            for line in untold { notice(line) }
            untold = []
        }
    }

    /// With `bell` locked.
    private func tell(_ line: String) {
        guard let receiver else { return untold.append(line) }
        receiver(line)
    }

    /// Loads what is most useful, and the rest in the background or, for a run that must repeat itself, now.
    ///
    /// - Throws: Why nothing could be loaded for some of the candidates' tasks that `planner` knows.
    func start(_ planner: ResidencyPlanner, inBackground: Bool) throws {
        bell.withLock { self.planner = planner }
        var failure: (any Error)?
        while case .load(let index, let evicted, let trial) = next(waiting: false) {
            failure = bring(index, evicting: evicted, trial: trial) ?? failure
            if inBackground, !ready.isEmpty { break }
        }
        if ready.isEmpty, let failure { throw failure }
        guard inBackground else { return }
        let end = DispatchSemaphore(value: 0)
        bell.withLock { loadingEnd = end }
        // The models are let go by who owns the table, never by a thread that nobody waits for any more.
        let thread = Thread { [weak self] in
            self?.loadOthers()
            end.signal()
        }
        thread.name = "heed-models"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func loadOthers() {
        // Recognition must not feel it.
        ThreadPriority.nice(10).apply()
        while case .load(let index, let evicted, let trial) = next(waiting: true) {
            _ = bring(index, evicting: evicted, trial: trial)
        }
    }

    /// Ends the loading thread, if there is one, and waits until it is done with the model that it loads.
    ///
    /// Without it the thread outlives the run, and the libraries that it works in when the program ends.
    func stop() {
        let end = bell.withLock {
            isStopping = true
            bell.broadcast()
            return loadingEnd
        }
        end?.wait()
        end?.signal()
    }

    /// Takes a processor that failed out of what is ready.
    ///
    /// - Parameter index: The model that failed.
    /// - Returns: Whether other processors may go on; false for the processor's own cores, which cannot be lost.
    func lose(_ index: Int, because reason: String) -> Bool {
        let processor = sources[index].processor
        guard processor != "cpu" else { return false }
        bell.withLock {
            health.fail(processor, because: reason, at: .now())
            for other in sources.indices where sources[other].processor == processor {
                if let model = models[other] { discarded.append(model) }
                models[other] = nil
            }
            inUse = nil
            changes += 1
            tell("\(processor): \(reason); its recognisers are left out until it works again")
            bell.broadcast()
        }
        return true
    }

    /// What the loading thread does next.
    private enum Work {
        /// Load a model; `trial` names the lost processor that is tried with it.
        case load(Int, evicting: [Model], trial: String?)
        /// Nothing more, or nothing now for one that does not wait.
        case nothing
    }

    /// What a plan is made from.
    private struct Snapshot {
        var planner: ResidencyPlanner?
        var resident: CandidateSet
        var inUse: CandidateSet
        var lost: CandidateSet
        var failed: CandidateSet
        var slowdown: Double
        var changes: Int
    }

    private func next(waiting: Bool) -> Work {
        // Sessions are freed, and plans made, with nothing locked: recognition asks the table several times a sample.
        while true {
            letGo()
            bell.lock()
            if isStopping {
                bell.unlock()
                return .nothing
            }
            if let trial = takeTrial() {
                bell.unlock()
                return trial
            }
            let seen = snapshot()
            bell.unlock()
            let step = seen.planner?.next(
                resident: seen.resident, inUse: seen.inUse, unavailable: seen.failed.union(seen.lost),
                slowdown: seen.slowdown)
            bell.lock()
            defer { bell.unlock() }
            guard !isStopping else { return .nothing }
            // A processor was lost meanwhile, or what was to be given up has been chosen.
            if changes != seen.changes || step.map({ step in inUse.map { step.evict.contains($0) } ?? false }) ?? false
            {
                continue
            }
            if let step {
                let evicted = step.evict.compactMap { models[$0] }
                for index in step.evict { models[index] = nil }
                return .load(step.load, evicting: evicted, trial: nil)
            }
            guard waiting else { return .nothing }
            // Where not everything fits, what is worth most changes with the machine's speed.
            let isWhole = seen.resident.count + seen.failed.union(seen.lost).count >= sources.count
            let look = isWhole ? Duration.seconds(3600) : .seconds(1)
            let now = MonotonicTime.now()
            let wait = min(look, health.nextTry.map { max($0 - now, .milliseconds(1)) } ?? look)
            _ = bell.wait(until: Date(timeIntervalSinceNow: wait.seconds))
        }
    }

    /// Frees the models of lost processors.
    private func letGo() {
        var gone: [Model] = []
        bell.withLock { swap(&gone, &discarded) }
    }

    /// The model to try a lost processor with, if one is due; with `bell` locked.
    private func takeTrial() -> Work? {
        guard let processor = health.takeDue(at: .now()) else { return nil }
        let smallest = sources.indices.filter { sources[$0].processor == processor && !failed.contains($0) }
            .min { sources[$0].bytes < sources[$1].bytes }
        return smallest.map { .load($0, evicting: [], trial: processor) }
    }

    /// The table as it is; with `bell` locked.
    private func snapshot() -> Snapshot {
        Snapshot(
            planner: planner, resident: CandidateSet(models.indices.filter { models[$0] != nil }),
            inUse: inUse.map { CandidateSet([$0]) } ?? CandidateSet(),
            lost: CandidateSet(sources.indices.filter { health.lost.contains(sources[$0].processor) }),
            failed: failed, slowdown: slowdown, changes: changes)
    }

    /// Loads a model and puts it into the table; returns why it could not.
    private func bring(_ index: Int, evicting evicted: consuming [Model], trial: String?) -> (any Error)? {
        // Their memory is given back before more is asked for.
        evicted = []
        let processor = sources[index].processor
        do {
            // Freed, where it is not kept, with nothing locked.
            let model = try load(index)
            try warmUp(model)
            bell.withLock {
                if let trial {
                    health.recover(trial, at: .now())
                    tell("\(trial): works again")
                } else if health.lost.contains(processor) {
                    // Lost while it was being loaded: that is not the processor as it will come back.
                    return
                }
                models[index] = model
            }
            return nil
        } catch {
            bell.withLock {
                // It is not the model's fault, which is loaded again when the processor is back.
                if health.lost.contains(processor) {
                    health.fail(processor, because: "\(error)", at: .now())
                } else {
                    failed.insert(index)
                    tell("\(sources[index].name): cannot be loaded and is left out: \(error)")
                }
            }
            return error
        }
    }
}

/// A model was chosen and then given up for another before it could be asked for: another is to be chosen.
struct NotResident: Error, CustomStringConvertible {
    var name: String
    var description: String { "\(name): is not loaded any more" }
}
