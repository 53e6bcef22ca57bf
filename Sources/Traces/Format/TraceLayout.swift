import Alert

/// Where each figure of a sample lies: the columns of a trace's blocks and of a row in memory, in one order.
///
/// ```
/// idle power [W], size, preparation [s], preparation [J],
/// then for each candidate, for each of its stages (one where it answers once):
///     time [s], energy [J], quality 0…1, and confidence 0…1 where the trace has it
/// ```
/// Times and energies count from the beginning of the candidate's inference.
struct TraceLayout: Sendable, Hashable {
    /// The columns before the candidates'.
    static let head = 4

    /// Figures of each stage: 3, or 4 with confidence.
    let figures: Int
    /// The first column of each candidate.
    let firstColumn: [Int]
    /// How many stages each candidate answers in; 1 where it answers once.
    let stages: [Int]
    /// All columns.
    let columns: Int

    init(_ header: TraceHeader) {
        figures = header.hasConfidence ? 4 : 3
        stages = header.profile.candidates.map { max($0.stages.count, 1) }
        var next = Self.head
        var first: [Int] = []
        for count in stages {
            first.append(next)
            next += count * figures
        }
        firstColumn = first
        columns = next
    }

    /// Refuses a sample that cannot have been measured.
    /// - Returns: what is wrong with it, in words; nil when nothing is.
    func fault(in row: UnsafeBufferPointer<Float>, _ header: TraceHeader) -> String? {
        guard row[0] >= 0, row[0].isFinite else { return "idle power is \(row[0]) W, expected 0 W or more" }
        guard row[1] > 0, row[1].isFinite else { return "size is \(row[1]), expected a number above 0" }
        guard row[2] >= 0, row[2].isFinite, row[3] >= 0, row[3].isFinite else {
            return "its preparation took \(row[2]) s and \(row[3]) J, expected 0 or more of each"
        }
        for candidate in stages.indices {
            var (time, energy): (Float, Float) = (0, 0)
            for stage in 0..<stages[candidate] {
                let at = firstColumn[candidate] + stage * figures
                func fault(_ figure: String, _ index: Int, _ wanted: String) -> String {
                    let part = stages[candidate] > 1 ? ", stage \(stage + 1)" : ""
                    let name = header.profile.candidates[candidate].candidate.name
                    return "\(figure) of \(name)\(part) is \(row[at + index]), expected \(wanted)"
                }
                guard row[at] > 0, row[at] >= time, row[at].isFinite else {
                    return fault("time", 0, "seconds above 0, and not less than the stage before")
                }
                guard row[at + 1] >= energy, row[at + 1].isFinite else {
                    return fault("energy", 1, "0 J or more, and not less than the stage before")
                }
                guard (0...1).contains(row[at + 2]) else { return fault("quality", 2, "a share from 0 to 1") }
                guard figures == 3 || (0...1).contains(row[at + 3]) else {
                    return fault("confidence", 3, "a share from 0 to 1")
                }
                (time, energy) = (row[at], row[at + 1])
            }
        }
        return nil
    }
}
