import Alert
import Capture
import Foundation
import Logging
import Media
import Units

/// The models of a pipeline, kept in memory as far as it reaches, and loaded while others run.
///
/// Until it is started it loads what it is asked for. `start` loads the most useful one, and the others on a thread of
/// their own, which no recognition waits for. From then on the recognising thread asks for those that
/// are `ready` only; what is loaded next and what is given up for it is the planner's to say. A model is warmed up by
/// an inference before it counts as ready. Models of a processor that is lost are let go, and loaded again when a try
/// works.
final class ResidentModels<Model>: @unchecked Sendable {
    // All mutable state is touched with `bell` locked. A model is touched by one thread at a time: the loading thread's
    // until it is put into the table, then the recognising thread's, which asks for one at a time; what is taken out of
    // the table, never the one in use, is let go by the loading thread, or by the recognising one where there is none.

    typealias Source = ResidencyTable<Model>.Source

    private let load: (Int) throws -> Model
    private let warmUp: (Model) throws -> Void
    private let bell = NSCondition()
    private var table: ResidencyTable<Model>
    private var planner: ResidencyPlanner?
    private var isStopping = false
    /// What the loading thread signals at its end; nil where there is none.
    private var loadingEnd: DispatchSemaphore?
    /// Told what happens.
    private var logger: Logger?
    /// What happened before there was one.
    private var untold: [(line: String, level: Logger.Level)] = []

    /// Makes a table in which nothing is loaded.
    ///
    /// - Parameters:
    ///   - load: Loads a model; called by any thread.
    ///   - warmUp: Runs it once.
    init(_ sources: [Source], load: @escaping (Int) throws -> Model, warmUp: @escaping (Model) throws -> Void) {
        table = ResidencyTable(sources)
        self.load = load
        self.warmUp = warmUp
    }

    /// What a planner must know of the models.
    var plannedModels: [ResidencyPlanner.Model] {
        bell.withLock { table.sources.map { .init(candidates: $0.candidates, bytes: $0.bytes) } }
    }

    /// Keeps these of the candidates, which are numbered anew in this order, and the models that they need. Before
    /// `start`.
    func keep(_ kept: [Int]) { bell.withLock { table.keep(kept) } }

    /// The candidates that can run now.
    var ready: CandidateSet { bell.withLock { planner == nil ? table.candidates : table.ready } }

    /// Which processors are lost, and why; nil while all are well.
    var losses: String? { bell.withLock { table.losses } }

    /// How much slower than profiled a machine may be that other programs keep busy.
    private static var slowMachine: Double { 3 }

    /// The model that a candidate runs on that needs no other; see ``models(_:)``.
    func model(for candidate: Int) throws -> Model {
        let index = bell.withLock { table.index(of: candidate) }
        return try models([index])[0]
    }

    /// The models at these indices, which stay until others are asked for; until `start`, loaded now where they are not
    /// there.
    ///
    /// - Throws: From `start` on `NotResident`, where one was given up since the candidate was said to be ready.
    func models(_ indices: [Int]) throws -> [Model] {
        let (there, isStarted) = bell.withLock { (table.take(indices), planner != nil) }
        if let there { return there }
        let missing = bell.withLock { indices.filter { !table.isLoaded($0) } }
        if isStarted {
            throw NotResident(
                name: bell.withLock { missing.map { table.sources[$0].name }.joined(separator: ", ") })
        }
        for index in missing {
            let model = try load(index)
            bell.withLock { table.put(model, at: index) }
        }
        return try models(indices)
    }

    /// Takes another goal: what is worth loading depends on it.
    func note(goal: Goal) {
        bell.withLock {
            planner?.goal = goal
            bell.broadcast()
        }
    }

    /// Notes how much slower than profiled the machine is.
    func note(slowdown: Double) { bell.withLock { table.slowdown = slowdown } }

    /// Tells a logger of models that cannot be loaded, and of processors that are lost and come back: of those from
    /// before, which nobody has been told, and from now on.
    ///
    /// - Parameter logger: Must not wait, nor ask the table for anything.
    func report(to logger: Logger) {
        bell.withLock {
            self.logger = logger
            for (line, level) in untold { logger.log(level: level, "\(line)") }
            untold = []
        }
    }

    /// With `bell` locked.
    private func tell(_ line: String?, _ level: Logger.Level = .warning) {
        guard let line else { return }
        guard let logger else { return untold.append((line, level)) }
        logger.log(level: level, "\(line)")
    }

    /// Loads what is most useful, and what would be on a machine as slow as one that others use; and the rest in the
    /// background or, for a run that must repeat itself, now.
    ///
    /// - Throws: Why nothing could be loaded for some of the candidates' tasks that `planner` knows.
    func start(_ planner: ResidencyPlanner, inBackground: Bool) throws {
        bell.withLock { self.planner = planner }
        var failure: (any Error)?
        while let work = next(waiting: false) {
            failure = bring(work) ?? failure
            if inBackground, !ready.isEmpty { break }
        }
        if ready.isEmpty, let failure { throw failure }
        guard inBackground else { return }
        // Nothing is known of the machine yet, and where others keep it busy the rest may take a second to load.
        note(slowdown: Self.slowMachine)
        if let work = next(waiting: false) { _ = bring(work) }
        note(slowdown: 1)
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
        while let work = next(waiting: true) { _ = bring(work) }
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
    /// - Parameter candidate: The candidate that failed.
    /// - Returns: Whether other processors may go on; false for the processor's own cores, which cannot be lost.
    func lose(_ candidate: Int, because reason: String) -> Bool {
        let (isLost, isLetGoHere) = bell.withLock {
            let processor = table.sources[table.index(of: candidate)].processor
            guard processor != "cpu" else { return (false, false) }
            tell(table.lose(processor, because: reason, now: .now()))
            bell.broadcast()
            // A run that repeats itself has no loading thread that would do it.
            return (true, loadingEnd == nil)
        }
        if isLetGoHere { letGo() }
        return isLost
    }

    /// A model to load next.
    private struct Work {
        var load: Int
        /// What is given up for it.
        var evicted: [Model] = []
        /// The lost processor that is tried with it.
        var trial: String?
    }

    /// What to load next; nil where that is nothing more or, for one that does not wait, nothing now.
    private func next(waiting: Bool) -> Work? {
        // Sessions are freed, and plans made, with nothing locked: recognition asks the table several times a sample.
        while true {
            letGo()
            bell.lock()
            if isStopping {
                bell.unlock()
                return nil
            }
            if let (index, processor) = table.takeTrial(at: .now()) {
                bell.unlock()
                return Work(load: index, trial: processor)
            }
            let (seen, planner) = (table.snapshot, planner)
            bell.unlock()
            let step = planner?.next(
                resident: seen.resident, inUse: seen.inUse, unavailable: seen.unavailable, slowdown: seen.slowdown)
            bell.lock()
            defer { bell.unlock() }
            guard !isStopping else { return nil }
            // A processor was lost meanwhile, or what was to be given up has been chosen.
            if table.changes != seen.changes || step?.evict.contains(where: table.isInUse) ?? false { continue }
            if let step { return Work(load: step.load, evicted: table.evict(step.evict)) }
            guard waiting else { return nil }
            // Where not everything fits, what is worth most changes with the machine's speed.
            let isWhole = seen.resident.count + seen.unavailable.count >= table.sources.count
            let look = isWhole ? Duration.seconds(3600) : .seconds(1)
            let now = MonotonicTime.now()
            let wait = min(look, table.nextTry.map { max($0 - now, .milliseconds(1)) } ?? look)
            _ = bell.wait(until: Date(timeIntervalSinceNow: wait.seconds))
        }
    }

    /// Frees the models of lost processors.
    private func letGo() {
        _ = bell.withLock { table.takeDiscarded() }
    }

    /// Loads a model and puts it into the table; returns why it could not.
    private func bring(_ work: consuming Work) -> (any Error)? {
        // Their memory is given back before more is asked for.
        work.evicted = []
        let (index, trial) = (work.load, work.trial)
        do {
            // Freed, where it is not kept, with nothing locked.
            let model = try load(index)
            try warmUp(model)
            bell.withLock { tell(table.put(model, at: index, trial: trial, now: .now()), .notice) }
            return nil
        } catch {
            bell.withLock { tell(table.fail(index, because: error, now: .now())) }
            return error
        }
    }
}

/// A model was chosen and then given up for another before it could be asked for: another is to be chosen.
struct NotResident: Error, CustomStringConvertible {
    var name: String
    var description: String { "\(name): is not loaded any more" }
}
