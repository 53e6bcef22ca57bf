import Alert
private import FoundationEssentials
import Units

extension TraceGoals {
    /// Reads goals from a JSON file: a list of objects, each with a deadline and a bound.
    ///
    /// ```json
    /// [{"deadline_ms": 100, "accuracy": 0.8}, {"deadline_ms": 50, "energy_j": 0.4, "interval_ms": 33}]
    /// ```
    /// With `accuracy` the least energy is wanted, else the fewest errors, within `energy_j` where it is given. Samples
    /// come `interval_ms` apart, else as far as the trace says, else one deadline.
    /// - Parameter interval: seconds between the trace's samples, if it says.
    /// - Throws: `TracesError` with code `notFound`, `unreadable` or `badGoals`.
    public static func goals(
        in path: String, interval: Double?, confidence: Double = 0.95
    ) throws(TracesError) -> [TraceGoal] {
        let bytes = try TraceFile(path, flags: 0).bytes(TraceLimits.headerBytes, at: 0)
        let list: [Line]
        do {
            list = try JSONDecoder().decode([Line].self, from: Data(bytes))
        } catch let error as TracesError {
            throw TracesError(.badGoals, "\(path): \(error.message)")
        } catch {
            throw TracesError(
                .badGoals, "\(path): expected a list such as [{\"deadline_ms\": 100, \"accuracy\": 0.8}]: \(error)")
        }
        var goals: [TraceGoal] = []
        for (index, line) in list.enumerated() {
            guard (1e-3...1e9).contains(line.deadline), (1e-3...1e9).contains(line.interval ?? 1) else {
                throw TracesError(.badGoals, "\(path): goal \(index + 1): expected milliseconds above 0")
            }
            let deadline = Duration(played: line.deadline * 1e-3)
            do throws(AlertError) {
                let goal = try Goal(deadline: deadline, objective: line.objective, confidence: confidence)
                let apart = line.interval.map { Duration(played: $0 * 1e-3) } ?? interval.map { Duration(played: $0) }
                goals.append(TraceGoal(goal: goal, period: apart ?? deadline))
            } catch {
                throw TracesError(.badGoals, "\(path): goal \(index + 1): \(error.message)")
            }
        }
        guard !goals.isEmpty else { throw TracesError(.badGoals, "\(path): has no goals") }
        return goals
    }

    /// One goal as the file has it.
    private struct Line: Decodable {
        var deadline: Double
        var accuracy: Double?
        var energy: Double?
        var interval: Double?

        var objective: Goal.Objective {
            if let accuracy { return .minimizeEnergy(accuracy: accuracy) }
            return .minimizeError(energy: energy.map { Joules($0) })
        }

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
            init(_ name: String) { stringValue = name }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            let known = ["deadline_ms", "accuracy", "energy_j", "interval_ms"]
            for key in values.allKeys where !known.contains(key.stringValue) {
                throw TracesError(
                    .badGoals, "there is no key `\(key.stringValue)`; there are \(known.joined(separator: ", "))")
            }
            deadline = try values.decode(Double.self, forKey: Key("deadline_ms"))
            accuracy = try values.decodeIfPresent(Double.self, forKey: Key("accuracy"))
            energy = try values.decodeIfPresent(Double.self, forKey: Key("energy_j"))
            interval = try values.decodeIfPresent(Double.self, forKey: Key("interval_ms"))
            guard accuracy == nil || energy == nil else {
                throw TracesError(.badGoals, "a goal bounds either `accuracy` or `energy_j`, not both")
            }
        }
    }
}
