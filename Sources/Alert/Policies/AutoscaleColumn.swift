/// What `autoscale` learned of one candidate: a column of its table, as it outlives a run.
struct AutoscaleColumn: Sendable, Hashable {
    /// The candidate's name.
    var candidate: String
    /// What counted as 100 % of energy in its rewards, in joules.
    var energyUnit: Double
    /// The expected rewards, state by state; 0 where nothing was learned.
    var values: [Double]
    /// How often each was corrected.
    var visits: [Int]

    /// How often any was.
    var lessons: Int { visits.reduce(0, +) }
}

extension PolicyMemory {
    private static let (candidatesKey, unitsKey, valuesKey, visitsKey) = (
        "candidates", "energy_units_j", "values", "visits"
    )

    /// The memory of `autoscale`: its columns, one after the other.
    init(_ columns: [AutoscaleColumn], format: String, policy: String, goal: LearnedGoal) {
        self.init(
            format: format, policy: policy, goal: goal, lessons: columns.reduce(0) { $0 + $1.lessons },
            names: [Self.candidatesKey: columns.map(\.candidate)],
            numbers: [
                Self.unitsKey: columns.map(\.energyUnit), Self.valuesKey: columns.flatMap(\.values),
                Self.visitsKey: columns.flatMap { $0.visits.map(Double.init) },
            ])
    }

    /// The columns that such a memory holds.
    func autoscaleColumns() throws(AlertError) -> [AutoscaleColumn] {
        let candidates = try names(Self.candidatesKey)
        guard candidates.count <= CandidateSet.capacity else { throw damaged("it has \(candidates.count) candidates") }
        let units = try numbers(Self.unitsKey, count: candidates.count)
        guard units.allSatisfy({ $0 > 0 }) else { throw damaged("`\(Self.unitsKey)` has one that is not above 0") }
        let size = AutoscaleState.count
        let values = try numbers(Self.valuesKey, count: candidates.count * size)
        let visits = try counts(Self.visitsKey, count: candidates.count * size)
        return candidates.indices.map { index in
            let range = index * size..<(index + 1) * size
            return AutoscaleColumn(
                candidate: candidates[index], energyUnit: units[index], values: Array(values[range]),
                visits: Array(visits[range]))
        }
    }
}
