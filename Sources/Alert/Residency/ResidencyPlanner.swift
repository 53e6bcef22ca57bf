public import Units

/// Says which models are worth their memory: what to load next, and what to give up for it.
///
/// The worth of a set of models is how good the best decision is that it allows, in the goal's terms: above all on the
/// machine as it is now, and for a little on what may come, the machine twice and four times as slow, or each processor
/// gone. So the most useful model comes first, then one that is quick enough when things go badly, or runs elsewhere.
///
/// A plan never exceeds the budget, never gives up what is in use, nor the last that serves a task. On an unchanging
/// goal and machine it comes to rest: a model is given up only where the worth grows by `margin`, and worth is bounded.
/// Pure; allocates.
public struct ResidencyPlanner: Sendable {
    /// Something that is loaded as a whole, and lets candidates run.
    public struct Model: Sendable, Hashable {
        /// The candidates that run on it; one that needs several models is among those of each.
        public var candidates: CandidateSet
        /// The memory it takes.
        public var bytes: Int

        /// Makes a model.
        public init(candidates: CandidateSet, bytes: Int) {
            self.candidates = candidates
            self.bytes = bytes
        }
    }

    /// What to do next.
    public struct Step: Sendable, Hashable {
        /// The model to load.
        public var load: Int
        /// The models to give up first.
        public var evict: CandidateSet

        /// Makes a step.
        public init(load: Int, evict: CandidateSet) {
            self.load = load
            self.evict = evict
        }
    }

    /// By how much a set of models must be better for one of them to be given up: 0.2 points of accuracy.
    public static let margin = 0.002

    /// What to load models for; what was planned before is weighed anew when it changes.
    public var goal: Goal
    private let models: [Model]
    private let budget: Int
    private let estimator: Estimator
    private let processors: [CandidateSet]
    private let tasks: [CandidateSet]

    /// Makes a planner.
    ///
    /// - Parameters:
    ///   - models: At most `CandidateSet.capacity`.
    ///   - budget: The bytes that all models in memory may take.
    /// - Throws: `AlertError` with code `invalidProfile`, as policies do.
    public init(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal, models: [Model], budget: Int
    ) throws(AlertError) {
        precondition(models.count <= CandidateSet.capacity, "a planner knows \(CandidateSet.capacity) models at most")
        self.goal = goal
        self.models = models
        self.budget = budget
        estimator = try Estimator(candidates: candidates, idlePower: idlePower, constants: .standard)
        processors = Self.grouped(candidates.map(\.candidate.setting.processor))
        tasks = Self.grouped(candidates.map(\.candidate.task))
    }

    /// The next step towards the best set of models; `nil` when there is none to take.
    ///
    /// - Parameters:
    ///   - resident: The models that are loaded.
    ///   - inUse: Those of them that must stay.
    ///   - unavailable: Models that cannot be loaded.
    ///   - slowdown: How much slower than profiled the machine is.
    public func next(
        resident: CandidateSet, inUse: CandidateSet = CandidateSet(), unavailable: CandidateSet = CandidateSet(),
        slowdown: Double = 1
    ) -> Step? {
        let worths = Worths(self, slowdown: slowdown)
        let before = worths.of(resident)
        let free = budget - bytes(resident)
        var best: (step: Step, gain: Double, alone: Double)?
        for model in CandidateSet(models.indices).subtracting(resident).subtracting(unavailable) {
            guard models[model].bytes <= budget else { continue }
            var evicted = CandidateSet()
            if models[model].bytes > free {
                guard let room = room(for: model, among: resident.subtracting(inUse), resident, worths) else {
                    continue
                }
                evicted = room
            }
            let after = resident.subtracting(evicted).union(CandidateSet([model]))
            let gain = worths.of(after) - before
            if !evicted.isEmpty, gain < Self.margin { continue }
            let alone = worths.of(CandidateSet([model]))
            // What costs nothing to keep comes before what something must be given up for, unless that gains more.
            if let best,
                (gain, evicted.isEmpty ? 1 : 0, alone) <= (best.gain, best.step.evict.isEmpty ? 1 : 0, best.alone)
            {
                continue
            }
            best = (Step(load: model, evict: evicted), gain, alone)
        }
        return best?.step
    }

    /// The memory that models take.
    public func bytes(_ set: CandidateSet) -> Int { set.reduce(0) { $0 + models[$1].bytes } }

    /// The models worth least, as many as must go; `nil` where too little can.
    private func room(
        for model: Int, among candidates: CandidateSet, _ resident: CandidateSet, _ worths: Worths
    ) -> CandidateSet? {
        var (kept, evicted, movable) = (resident, CandidateSet(), candidates)
        while bytes(kept) + models[model].bytes > budget {
            var least: (model: Int, worth: Double)?
            for other in movable {
                let rest = kept.subtracting(CandidateSet([other]))
                guard servesSameTasks(rest, as: kept) else { continue }
                let worth = worths.of(rest)
                if let least, (worth, models[other].bytes) <= (least.worth, models[least.model].bytes) { continue }
                least = (other, worth)
            }
            guard let least else { return nil }
            kept.remove(least.model)
            movable.remove(least.model)
            evicted.insert(least.model)
        }
        return evicted
    }

    private func servesSameTasks(_ some: CandidateSet, as all: CandidateSet) -> Bool {
        let (few, many) = (candidates(of: some), candidates(of: all))
        return tasks.allSatisfy { many.intersection($0).isEmpty || !few.intersection($0).isEmpty }
    }

    private func candidates(of models: CandidateSet) -> CandidateSet {
        self.models.indices.runnable({ self.models[$0].candidates }, where: models.contains)
    }

    /// The indices with equal values, in the order of their first.
    private static func grouped<Value: Equatable>(_ values: [Value]) -> [CandidateSet] {
        var groups: [(value: Value, members: CandidateSet)] = []
        for (index, value) in values.enumerated() {
            if let group = groups.firstIndex(where: { $0.value == value }) {
                groups[group].members.insert(index)
            } else {
                groups.append((value, CandidateSet([index])))
            }
        }
        return groups.map(\.members)
    }
}

extension ResidencyPlanner {
    /// What sets of models are worth at one moment.
    private struct Worths {
        /// Something that may come.
        struct Prospect {
            var weight: Double
            /// Candidates that could run.
            var possible: CandidateSet
            /// How good each candidate's choice would be; above 0.
            var merits: [Double]
        }

        let planner: ResidencyPlanner
        let prospects: [Prospect]

        init(_ planner: ResidencyPlanner, slowdown: Double) {
            self.planner = planner
            let all = planner.estimator.all
            func merits(_ factor: Double) -> [Double] {
                planner.estimator.merits(for: planner.goal, slowdown: slowdown * factor)
            }
            let now = merits(1)
            var prospects = [
                Prospect(weight: 1, possible: all, merits: now),
                Prospect(weight: 0.002, possible: all, merits: merits(2)),
                Prospect(weight: 0.001, possible: all, merits: merits(4)),
            ]
            if planner.processors.count > 1 {
                let weight = 0.002 / Double(planner.processors.count)
                prospects += planner.processors.map {
                    Prospect(weight: weight, possible: all.subtracting($0), merits: now)
                }
            }
            self.prospects = prospects
        }

        func of(_ models: CandidateSet) -> Double {
            let candidates = planner.candidates(of: models)
            var worth = 0.0
            for task in planner.tasks {
                let able = candidates.intersection(task)
                for prospect in prospects {
                    let best = able.intersection(prospect.possible).reduce(0) { max($0, prospect.merits[$1]) }
                    worth += prospect.weight * best
                }
            }
            return worth
        }
    }
}
