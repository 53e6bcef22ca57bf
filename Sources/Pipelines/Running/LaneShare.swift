import Alert
import Media
import Recognition
import Units

/// A lane's part in the machine that it shares with others.
struct LaneShare {
    private let cores: SharedCores
    private let stream: Int
    /// What each candidate takes.
    private let demands: ContiguousArray<Demand>
    /// The candidates that take the same.
    private let groups: ContiguousArray<(demand: Demand, candidates: CandidateSet)>

    /// The part of the lane with this number, which these candidates are chosen for.
    init(_ cores: SharedCores, stream: Int, candidates: [CandidateProfile]) {
        self.cores = cores
        self.stream = stream
        let demands = candidates.map { Demand($0.candidate) }
        self.demands = ContiguousArray(demands)
        groups = ContiguousArray(
            Set(demands).sorted { ($0.cores, $0.processor ?? -1) < ($1.cores, $1.processor ?? -1) }.map { demand in
                (demand, CandidateSet(demands.indices.filter { demands[$0] == demand }))
            })
    }

    /// What the other lanes have and want now.
    var neighbours: Neighbours { cores.neighbours(of: stream, asking: groups) }

    /// Of these candidates those that take the fewest cores.
    func modest(among candidates: CandidateSet) -> (demand: Demand, candidates: CandidateSet)? {
        for group in groups {
            let some = group.candidates.intersection(candidates)
            if !some.isEmpty { return (group.demand, some) }
        }
        return nil
    }

    /// Says when the next sample must begin that needs this at least; nil where none is expected.
    func expect(_ next: (demand: Demand, start: MonotonicTime)?) { cores.expect(next, of: stream) }

    /// Takes what the chosen candidate needs; blocks until it is there, or `patience` has passed.
    func take(for decision: Decision, deadline: MonotonicTime, patience: MonotonicTime) -> SharedCores.Turn {
        cores.take(
            demands[decision.candidate], for: stream, deadline: deadline, expected: decision.prediction.time,
            patience: patience)
    }

    /// Notes that another candidate was chosen than the one that cores were taken for.
    ///
    /// - Returns: Whether what it takes is there for it.
    func change(to decision: Decision) -> Bool {
        cores.change(stream, to: demands[decision.candidate], expected: decision.prediction.time)
    }

    /// Gives back what was taken.
    ///
    /// - Returns: The share of the time for which it was the lane's alone.
    func giveBack() -> Double { cores.giveBack(stream) }
}

extension Demand {
    /// What a candidate takes: cores for its threads, or a processor of its own; a speech recogniser's decoder stays on
    /// the cores.
    init(_ candidate: Candidate) {
        let processor = Processor(rawValue: candidate.setting.processor)
        let isOnCores = processor?.usesThreads ?? true
        self.init(
            cores: isOnCores || candidate.task != nil ? candidate.setting.threads : 0,
            processor: isOnCores ? nil : processor.flatMap(Processor.allCases.firstIndex(of:)))
    }
}
