import Alert
import Media

/// Which models are loaded, which cannot be, and which processors are lost: what the threads of a `ResidentModels`
/// share.
///
/// Pure: the time is an argument, what is freed is handed out.
struct ResidencyTable<Model> {
    /// What is known of a model before it is loaded.
    struct Source {
        /// What it is called where it cannot be loaded.
        var name: String
        /// What it runs on.
        var processor: String
        /// The candidates that it lets run; one that needs several models is among those of each.
        var candidates: CandidateSet
        /// The memory that it will take, as far as that is known.
        var bytes: Int
    }

    private(set) var sources: [Source]
    private var models: [Model?]
    private var health = ProcessorHealth()
    private var failed = CandidateSet()
    /// How much slower than profiled the machine is.
    var slowdown = 1.0
    /// What the recognising thread works with.
    private var inUse = CandidateSet()
    /// How often a processor was lost.
    private(set) var changes = 0
    /// Models of a lost processor, until somebody lets them go.
    private var discarded: [Model] = []

    /// A table in which nothing is loaded.
    init(_ sources: [Source]) {
        self.sources = sources
        models = sources.map { _ in nil }
    }

    /// Keeps these of the candidates, which are numbered anew in this order, and the models that they need.
    mutating func keep(_ kept: [Int]) {
        for index in sources.indices {
            let before = sources[index].candidates
            sources[index].candidates = CandidateSet(kept.indices.filter { before.contains(kept[$0]) })
            guard sources[index].candidates.isEmpty else { continue }
            models[index] = nil
            failed.insert(index)
        }
    }

    /// The model that a candidate of this table runs on; of one that needs several, any of them.
    func index(of candidate: Int) -> Int {
        guard let index = sources.firstIndex(where: { $0.candidates.contains(candidate) }) else {
            preconditionFailure("candidate \(candidate) runs on no model of this table")
        }
        return index
    }

    /// All candidates.
    var candidates: CandidateSet { sources.reduce(CandidateSet()) { $0.union($1.candidates) } }

    /// The candidates whose models are loaded.
    var ready: CandidateSet {
        sources.indices.runnable({ sources[$0].candidates }, where: { models[$0] != nil })
    }

    /// Which processors are lost, and why; nil while all are well.
    var losses: String? { health.words }

    /// When a lost processor is to be tried next; nil where none is.
    var nextTry: MonotonicTime? { health.nextTry }

    /// The models at these indices if all are loaded; they then stay until others are taken.
    mutating func take(_ indices: [Int]) -> [Model]? {
        let taken = indices.compactMap { models[$0] }
        guard taken.count == indices.count else { return nil }
        inUse = CandidateSet(indices)
        return taken
    }

    /// Whether a model is worked with.
    func isInUse(_ index: Int) -> Bool { inUse.contains(index) }

    /// Whether a model is loaded.
    func isLoaded(_ index: Int) -> Bool { models[index] != nil }

    /// Puts a model in that was loaded for who asks for it now.
    mutating func put(_ model: Model, at index: Int) { models[index] = model }

    /// Puts a model in that was loaded ahead; `trial` names the lost processor that was tried with it.
    ///
    /// - Returns: What there is to tell.
    mutating func put(_ model: Model, at index: Int, trial: String?, now: MonotonicTime) -> String? {
        if let trial {
            health.recover(trial, at: now)
            models[index] = model
            return "\(trial): works again"
        }
        // Lost while it was being loaded: that is not the processor as it will come back.
        if !health.lost.contains(sources[index].processor) { models[index] = model }
        return nil
    }

    /// Notes that a model could not be loaded ahead; what there is to tell.
    mutating func fail(_ index: Int, because error: any Error, now: MonotonicTime) -> String? {
        let processor = sources[index].processor
        // It is not the model's fault, which is loaded again when the processor is back.
        if health.lost.contains(processor) {
            health.fail(processor, because: "\(error)", at: now)
            return nil
        }
        failed.insert(index)
        return "\(sources[index].name): cannot be loaded and is left out: \(error)"
    }

    /// Takes a processor that failed, and all of its models, out; what there is to tell.
    mutating func lose(_ processor: String, because reason: String, now: MonotonicTime) -> String {
        health.fail(processor, because: reason, at: now)
        for index in sources.indices where sources[index].processor == processor {
            if let model = models[index] { discarded.append(model) }
            models[index] = nil
        }
        inUse = CandidateSet()
        changes += 1
        return "\(processor): \(reason); its recognisers are left out until it works again"
    }

    /// Hands out the models that an eviction gives up.
    mutating func evict(_ set: CandidateSet) -> [Model] {
        let evicted = set.compactMap { models[$0] }
        for index in set { models[index] = nil }
        return evicted
    }

    /// Hands out the models of lost processors, to be let go where nothing is locked.
    mutating func takeDiscarded() -> [Model] {
        defer { discarded = [] }
        return discarded
    }

    /// The lost processor that is due to be tried, if one is, and the model to try it with.
    mutating func takeTrial(at now: MonotonicTime) -> (load: Int, processor: String)? {
        guard let processor = health.takeDue(at: now) else { return nil }
        let smallest = sources.indices.filter { sources[$0].processor == processor && !failed.contains($0) }
            .min { sources[$0].bytes < sources[$1].bytes }
        return smallest.map { ($0, processor) }
    }

    /// What a plan is made from.
    struct Snapshot {
        var resident: CandidateSet
        var inUse: CandidateSet
        var unavailable: CandidateSet
        var slowdown: Double
        var changes: Int
    }

    /// The table as it is.
    var snapshot: Snapshot {
        let lost = CandidateSet(sources.indices.filter { health.lost.contains(sources[$0].processor) })
        return Snapshot(
            resident: CandidateSet(models.indices.filter { models[$0] != nil }),
            inUse: inUse, unavailable: failed.union(lost),
            slowdown: slowdown, changes: changes)
    }
}
