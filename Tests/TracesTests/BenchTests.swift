import Alert
import Foundation
import Testing
import Units

@testable import Traces

@Suite struct BenchTests {
    private func plan(samples: Int = 60) throws -> BenchPlan {
        let platform = SimulatedPlatform(seed: 3)
        let traces = try [SimulatedEnvironment.idle, .memory].map { try platform.trace($0, samples: samples) }
        return BenchPlan(traces: traces, policies: ["alert", "fastest"])
    }

    /// A run of the plan, for those who only look at one.
    private static let played = Result { try Bench.run(try BenchTests().plan()) }

    @Test func `The same plan gives the same files, to the last byte, timings apart`() throws {
        let folder = try ScratchFolder()
        for (name, run) in [("a", try Self.played.get()), ("b", try Bench.run(try plan()))] {
            try run.results.write(to: folder.file(name), timings: run.timings)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("a")).sorted()
        let wanted = ["report.html", "results.json", "timings.json", "calibration-idle.svg", "timeline-memory.svg"]
        #expect(Set(names).isSuperset(of: wanted))
        for name in names where name != "timings.json" {
            let bytes = try ["a", "b"].map { try Data(contentsOf: URL(filePath: "\(folder.path)/\($0)/\(name)")) }
            #expect(bytes[0] == bytes[1], "\(name)")
            #expect(!bytes[0].isEmpty)
        }
    }

    @Test func `Results are read again as they were written, and hold every goal for every policy`() throws {
        let folder = try ScratchFolder()
        let (results, timings) = try Self.played.get()
        try results.write(to: folder.path, timings: timings)
        let text = try Data(contentsOf: URL(filePath: folder.file("results.json")))
        #expect(try JSONDecoder().decode(BenchResults.self, from: text) == results)
        #expect(results.goals.count == 2 * 2 * 36)
        #expect(
            results.goals.allSatisfy {
                $0.scores.keys.sorted() == (["alert", "fastest"] + BenchResults.oracles).sorted()
            })
        #expect(results.promises.count == 4 && results.timelines.count == 2)
        #expect(timings.microseconds.keys.sorted() == ["alert", "fastest"])
        #expect(results.environments.allSatisfy { $0.origin == .simulated })
    }

    @Test func `Every page and picture says that it is simulated`() throws {
        let (results, _) = try Self.played.get()
        #expect(results.html().contains("simulated"))
        #expect(!results.html().contains("http://") || results.html().contains("www.w3.org/2000/svg"))
        for plot in results.plots() {
            #expect(plot.svg.contains("simulated") && plot.svg.hasPrefix("<svg"), "\(plot.name)")
            #expect(!plot.svg.contains("nan") && !plot.svg.contains("inf"), "\(plot.name)")
            let document = try XMLChecker.check(plot.svg)
            #expect(document, "\(plot.name)")
        }
    }

    @Test func `Progress goes up to the whole`() throws {
        let shares = Shares()
        _ = try Bench.run(try plan(samples: 20)) { shares.add($0) }
        let seen = shares.all
        #expect(seen == seen.sorted())
        #expect(seen.last == 1)
    }

    @Test func `Means are harmonic, over the goals that are kept`() {
        let environment = BenchResults.Environment(
            name: "idle", origin: .measured, machine: [:], energySource: "rapl", samples: 100, candidates: 1)
        var results = BenchResults(environments: [environment], policies: ["p", "app-only"], budget: .each)
        let figures: [(p: Double, isViolated: Bool, appOnly: Double)] = [(1, false, 2), (2, false, 2), (9, true, 2)]
        for (p, isViolated, appOnly) in figures {
            func score(_ energy: Double, _ isViolated: Bool) -> BenchResults.Score {
                BenchResults.Score(
                    energy: energy, error: 0, expectedError: 0, late: 0, expired: 0, tooInaccurate: 0, overBudget: 0,
                    broken: 0, isViolated: isViolated, switches: 0)
            }
            results.goals.append(
                BenchResults.GoalResult(
                    environment: "idle", objective: .energy, deadline: 1, period: 1, bound: 0.5,
                    scores: [
                        "p": score(p, isViolated), "oracle": score(1, false), "oracle-static": score(4, false),
                        "app-only": score(appOnly, false),
                    ]))
        }
        results.summaries = Bench.summaries(of: results)
        let summary = results.summary("p", .energy, environment: "idle")
        #expect((summary?.goals, summary?.violated) == (3, 1))
        #expect(summary?.toOracle == 2 / (1 / 1.0 + 1 / 2.0))
        #expect(summary?.toStatic == 2 / (1 / 0.25 + 1 / 0.5))
        #expect(summary?.toOneLayer == 2 / (1 / 0.5 + 1 / 1.0))
        let rows = results.table(.energy, environment: "idle")
        #expect(rows[0].contains("×one layer"))
        #expect(rows.first { $0[0] == "p" }?[4] == "1 of 3")
    }

    @Test func `A trace without samples is refused`() throws {
        let header = TraceHeader([CandidateProfile("a", [(10, 0.5)], watts: 5)])
        let trace = try Trace(header: header, samples: [])
        #expect(throws: TracesError.self) { try Bench.run(BenchPlan(traces: [trace])) }
    }

    @Test func `An environment may have a name that no file can have`() throws {
        let folder = try ScratchFolder()
        var plan = try plan(samples: 20)
        let names = ["../a/b", "../ab"]
        plan.traces = try zip(plan.traces, names).map { trace, name in
            var header = trace.header
            header.environment = name
            return try Trace(header: header, samples: (0..<trace.count).map { trace[$0] })
        }
        let (results, timings) = try Bench.run(plan)
        #expect(results.environments.map(\.name) == names)
        try results.write(to: folder.file("out"), timings: timings)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
        #expect(Set(files).isSuperset(of: ["calibration-..ab-1.svg", "calibration-..ab-2.svg"]))
    }

    private final class Shares: @unchecked Sendable {
        private let lock = NSLock()
        private var shares: [Double] = []
        var all: [Double] { lock.withLock { shares } }
        func add(_ share: Double) { lock.withLock { shares.append(share) } }
    }
}

/// Whether tags are nested as they should be; no reader of XML is among what the tests depend on.
private enum XMLChecker {
    static func check(_ text: String) throws -> Bool {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
            guard let end = piece.firstIndex(of: ">") else { return false }
            let tag = piece[..<end]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " && $0 != "\n" })
            }
        }
        return open.isEmpty
    }
}
