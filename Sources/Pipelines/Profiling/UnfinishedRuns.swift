import Alert
import Foundation
import Units

/// What was measured before measuring was stopped: kept beside the profile, so that the next time goes on from there.
///
/// Owned by the thread that measures.
public final class UnfinishedRuns {
    /// The runs of one candidate.
    struct Runs: Codable {
        /// The longest run that is believed, in milliseconds.
        private static let longest = 3_600_000.0

        var candidate: Candidate
        /// When each stage of each run had answered.
        var milliseconds: [[Double]] = []
        var energy = Joules.zero

        /// Whether this can be what was measured of a candidate that answers in so many stages.
        func isPlausible(stages: Int) -> Bool {
            energy.value.isFinite && energy.value >= 0
                && milliseconds.allSatisfy { run in
                    run.count == stages && run.allSatisfy { $0 > 0 && $0 <= Self.longest }
                }
        }
    }

    /// What runs were measured on, and with what; those of another are of no use.
    struct Place: Codable, Hashable {
        var machine: [String: String]
        var models: [String: String]
        var processors: [String: String]
        var energySource: String
    }

    private struct Part: Codable {
        var place: Place
        var runs: [Runs]
    }

    private let path: String
    /// Whether to stop; asked after each run.
    let isStopped: () -> Bool
    private var parts: [Part]

    /// Those beside the profile that `store` keeps, if there are any.
    ///
    /// - Parameter isStopped: Whether to stop; asked after each run.
    public init(of store: ProfileStore, isStopped: @escaping () -> Bool) {
        path = store.path + ".unfinished"
        self.isStopped = isStopped
        let data = try? readBounded(path, limit: ProfileStore.largestFile)
        // One that cannot be read only means that all is measured anew.
        parts = data.flatMap { try? JSONDecoder().decode([Part].self, from: $0) } ?? []
    }

    /// The runs of these candidates, measured at the same place.
    func runs(of candidates: [Candidate], at place: Place) -> [Runs] {
        parts.filter { $0.place == place }.flatMap(\.runs).filter { candidates.contains($0.candidate) }
    }

    /// Takes in the runs of some candidates, finished or not; what was known of them is forgotten.
    func take(_ runs: [Runs], at place: Place) {
        for index in parts.indices {
            parts[index].runs.removeAll { known in runs.contains { $0.candidate == known.candidate } }
        }
        parts = parts.filter { !$0.runs.isEmpty } + [Part(place: place, runs: runs)]
    }

    /// Writes them, and says where they are.
    func save() throws(PipelinesError) -> String {
        do {
            try OutputFiles.write(JSONEncoder().encode(parts), to: path)
        } catch {
            throw PipelinesError(.badProfile, "\(path): what was measured cannot be kept: \(error)", cause: error)
        }
        return path
    }

    /// Removes the file: all is measured, and in the profile.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }
}
