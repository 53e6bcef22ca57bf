import Alert
public import ArgumentParser
import Foundation
import Logging
import Pipelines
import Synchronization
public import Traces

extension EnergyBudget: ExpressibleByArgument {}

/// `heed bench`: which policy does best on the same samples.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Compare policies with each other and with oracles, over traces.",
        discussion: """
            Every policy meets the same samples on the same machine, and so do three oracles: one knows each sample \
            beforehand, one what candidates take around it, one the best candidate for the whole run. The output folder gets report.html, the plots and results.json, which are the same each time, \
            and timings.json. The way it is done is in docs/traces.md.
            """)

    /// What is minimized.
    enum Objective: String, ExpressibleByArgument, CaseIterable {
        case energy, error, both

        var objectives: [TraceGoals.Objective] {
            switch self {
            case .energy: [.energy]
            case .error: [.error]
            case .both: [.energy, .error]
            }
        }
    }

    @Option(name: .customLong("trace"), help: "A trace; give it again for each environment.")
    var traces: [String] = []

    @Flag(help: "The simulated platform: idle, memory and compute.")
    var simulated = false

    @Option(help: "With --simulated: the seed of what is left to chance.")
    var seed: UInt64 = 1

    @Option(help: "With --simulated: samples in each environment.")
    var samples = 1000

    @Option(help: "With --simulated: a folder that gets the traces too.")
    var keep: String?

    @Option(
        help: """
            Policies, with commas between them: \(Policies.names.joined(separator: ", ")); all for these; and those \
            with an idea of heed's left out or alone, such as alert-plain; ablations for these (docs/policies.md).
            """)
    var policies = "all"

    @Option(help: "The paper's grid of 36 for each trace, or a JSON file of goals.")
    var goals = "paper"

    @Option(help: "What to make least, within the deadline.")
    var objective = Objective.both

    @Option(help: "Whether each sample must stay within the energy, or the mean of all.")
    var energyBudget = EnergyBudget.each

    @Option(help: "The wanted probability of meeting the deadline, 0 to 1.")
    var confidence = 0.95

    @Option(name: .shortAndLong, help: "The folder for the report.")
    var output = "out/bench"

    func validate() throws {
        guard simulated || !traces.isEmpty else {
            throw ValidationError("name a trace with --trace, or compare on a simulated platform with --simulated")
        }
        guard (1...100_000).contains(samples) else { throw ValidationError("--samples: expected 1 to 100000") }
        guard (0..<1).contains(confidence) else {
            throw ValidationError("--confidence: expected a share from 0 to below 1, such as 0.95")
        }
        if keep != nil && !simulated { throw ValidationError("--keep goes with --simulated") }
        _ = try wantedPolicies()
    }

    func run() throws {
        var plan = BenchPlan(traces: try loadedTraces(), policies: try wantedPolicies())
        plan.goals = goals == "paper" ? .paper : .file(goals)
        plan.objectives = objective.objectives
        plan.budget = energyBudget
        plan.confidence = confidence
        do {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        } catch {
            throw ValidationError("--output \(output): cannot be made a folder; name another one")
        }
        do { try OutputFiles.checkTakesFiles(output) } catch {
            throw ValidationError("--output \(output): \(error.message); name another one")
        }
        let places = counted(plan.traces.count, "environment", "environments")
        let progress = Mutex(TimedProgress("playing \(plan.policies.count) policies in \(places)"))
        let (results, timings) = try Bench.run(plan) { share in progress.withLock { $0.show(share) } }
        let paths = try results.write(to: output, timings: timings)

        let origins = Set(results.environments.map(\.origin.rawValue)).sorted().joined(separator: " and ")
        for wanted in plan.objectives where results.goals.contains(where: { $0.objective == wanted }) {
            let words = wanted == .energy ? "least energy for an accuracy" : "fewest errors for an energy"
            try answer("\(words) (\(origins): \(results.environments.map(\.name).joined(separator: ", ")))")
            try answer(table(results.table(wanted, timings: timings)) + "\n")
        }
        try answer("means over the goals that a policy does not violate; µs are of this run, replay included")
        try answer("report: \(paths[0])")
    }

    private func wantedPolicies() throws -> [String] {
        let wanted = policies.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .flatMap { $0 == "all" ? Policies.names : $0 == "ablations" ? Policies.ablations : [$0] }
        let known = Policies.names + Policies.ablations
        for name in wanted where !known.contains(name) {
            let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" } ?? "."
            throw ValidationError(
                "--policies `\(name)`: no such policy\(nearest) There are \(known.joined(separator: ", "))")
        }
        guard !wanted.isEmpty, Set(wanted).count == wanted.count else {
            throw ValidationError("--policies: name each policy once")
        }
        return wanted
    }

    private func loadedTraces() throws -> [Trace] {
        var loaded: [Trace] = []
        for path in traces {
            let trace = try Trace(contentsOf: path)
            if let omission = trace.omission { say(omission, .warning) }
            loaded.append(trace)
        }
        guard simulated else { return loaded }
        let platform = SimulatedPlatform(seed: seed)
        for environment in SimulatedEnvironment.allCases {
            let trace = try platform.trace(environment, samples: samples)
            loaded.append(trace)
            guard let keep else { continue }
            do {
                try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
            } catch {
                throw ValidationError("--keep \(keep): cannot be made a folder")
            }
            let path = "\(keep)/simulated-\(environment.rawValue).heedtrace"
            var writer = try TraceWriter(path: path, header: trace.header, replaces: true)
            try writer.append(trace)
        }
        return loaded
    }
}
