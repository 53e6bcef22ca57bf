import Alert
private import Dispatch
private import Synchronization
import Units

/// Plays policies and oracles over traces, on all cores.
public enum Bench {
    /// One goal in one environment, to be played by all.
    private struct Match: Sendable {
        var environment: Int
        var objective: TraceGoals.Objective
        var goal: TraceGoal
        var keepsTimeline: Bool
    }

    /// What is done so far.
    private struct Progress: Sendable {
        var done = 0
        var goals: [Int: (result: BenchResults.GoalResult, timeline: BenchResults.Timeline?)] = [:]
        var promises: [Int: BenchResults.Promises] = [:]
        /// Microseconds a sample of each run, by policy.
        var microseconds: [String: [Double]] = [:]
        var failure: (any Error)?
    }

    /// How far around a sample the oracle that knows moments alone may look.
    static let momentReaches = [1, 2, 4]

    /// How many samples a timeline shows.
    static let timelineSamples = 360

    /// Compares.
    /// - Parameter onProgress: told the share that is done, from any thread but one at a time.
    /// - Throws: `TracesError` or `AlertError` where a trace has no samples, or nothing can be chosen from it.
    public static func run(
        _ plan: BenchPlan, onProgress: @Sendable (Double) -> Void = { _ in }
    ) throws -> (results: BenchResults, timings: BenchTimings) {
        let players = plan.traces.map { TracePlayer($0) }
        let moments = players.map { player in momentReaches.map { TracePlayer.Moments(player.trace, reach: $0) } }
        let environments = environments(of: players)
        var matches: [Match] = []
        for (index, player) in players.enumerated() {
            guard player.trace.count > 0 else {
                throw TracesError(.badGoals, "the trace of environment \(environments[index].name) has no samples")
            }
            for objective in plan.objectives {
                let goals = try plan.goals(objective, for: player)
                for goal in goals {
                    matches.append(
                        Match(environment: index, objective: objective, goal: goal, keepsTimeline: false))
                }
            }
            // Looked at closely: a goal of the last objective with a short deadline, where choices follow the machine.
            let own = matches.indices.filter {
                matches[$0].environment == index && matches[$0].objective == matches.last?.objective
            }
            if !own.isEmpty { matches[own[own.count * 4 / 9]].keepsTimeline = true }
        }
        guard !matches.isEmpty else { throw TracesError(.badGoals, "there is no goal with such an objective") }
        // Promises are asked for after the goals: one piece of work for each policy and environment.
        let pairs = players.indices.flatMap { player in plan.policies.map { (player, $0) } }
        let progress = Mutex(Progress())
        let (all, todo) = (matches, matches.count + pairs.count)
        DispatchQueue.concurrentPerform(iterations: todo) { index in
            guard progress.withLock({ $0.failure == nil }) else { return }
            do {
                if index < all.count {
                    let match = all[index]
                    let played = try play(
                        match, players[match.environment], knowing: moments[match.environment],
                        environments[match.environment].name, plan)
                    progress.withLock { progress in
                        progress.goals[index] = (played.result, played.timeline)
                        progress.microseconds.merge(played.microseconds.mapValues { [$0] }, uniquingKeysWith: +)
                    }
                } else {
                    let (player, policy) = pairs[index - all.count]
                    let goals = all.filter { $0.environment == player }.map(\.goal)
                    let promises = try promises(
                        policy, players[player], goals, environment: environments[player].name)
                    progress.withLock { $0.promises[index] = promises }
                }
            } catch {
                progress.withLock { $0.failure = error }
            }
            progress.withLock { progress in
                progress.done += 1
                onProgress(Double(progress.done) / Double(todo))
            }
        }
        let done = progress.withLock { $0 }
        if let failure = done.failure { throw failure }
        var results = BenchResults(environments: environments, policies: plan.policies, budget: plan.budget)
        for index in matches.indices {
            guard let goal = done.goals[index] else { continue }
            results.goals.append(goal.result)
            if var timeline = goal.timeline {
                timeline.goal = index
                results.timelines.append(timeline)
            }
        }
        results.promises = (matches.count..<todo).compactMap { done.promises[$0] }
        results.summaries = summaries(of: results)
        // The middle run, since others may have been held up.
        let timings = BenchTimings(microseconds: done.microseconds.mapValues { $0.sorted()[$0.count / 2] })
        return (results, timings)
    }

    private static func environments(of players: [TracePlayer]) -> [BenchResults.Environment] {
        let names = players.map(\.trace.header.environment)
        return players.enumerated().map { index, player in
            let header = player.trace.header
            let isAlone = names.filter { $0 == header.environment }.count == 1
            return BenchResults.Environment(
                name: isAlone ? header.environment : "\(header.environment)-\(index + 1)", origin: header.origin,
                seed: header.seed, source: header.source, machine: header.profile.machine,
                energySource: header.profile.energySource, samples: player.trace.count,
                candidates: player.candidates.count)
        }
    }

    private struct Played {
        var result: BenchResults.GoalResult
        var timeline: BenchResults.Timeline?
        var microseconds: [String: Double]
    }

    private static func play(
        _ match: Match, _ player: TracePlayer, knowing moments: [TracePlayer.Moments], _ environment: String,
        _ plan: BenchPlan
    ) throws(AlertError) -> Played {
        let (goal, keeps) = (match.goal, match.keepsTimeline)
        var runs = [
            BenchResults.oracle: player.playOracle(for: goal, budget: plan.budget, keepsSteps: keeps),
            BenchResults.momentOracle: player.playMomentOracle(
                for: goal, knowing: moments, budget: plan.budget, keepsSteps: keeps),
            BenchResults.staticOracle: player.playStaticOracle(for: goal, budget: plan.budget, keepsSteps: keeps).run,
        ]
        var microseconds: [String: Double] = [:]
        for policy in plan.policies {
            let run = try player.play(policy, for: goal, budget: plan.budget, keepsSteps: keeps)
            microseconds[policy] = run.elapsed.microseconds / Double(run.samples)
            runs[policy] = run
        }
        let result = BenchResults.GoalResult(
            environment: environment, objective: match.objective, deadline: goal.goal.deadline.milliseconds,
            period: goal.period.milliseconds, bound: goal.bound,
            scores: runs.mapValues { score(of: $0, goal, player, plan.budget) })
        let timeline = keeps ? timeline(of: runs, environment, player) : nil
        return Played(result: result, timeline: timeline, microseconds: microseconds)
    }

    private static func score(
        of run: PlayedRun, _ goal: TraceGoal, _ player: TracePlayer, _ budget: EnergyBudget
    ) -> BenchResults.Score {
        func share(_ count: Int) -> Double { Double(count) / Double(max(run.samples, 1)) }
        let favourite = run.choices.indices.max { (run.choices[$0], -$0) < (run.choices[$1], -$1) }
        return BenchResults.Score(
            energy: run.meanEnergy, error: run.error, expectedError: run.expectedError, late: share(run.late),
            expired: share(run.expired), tooInaccurate: share(run.tooInaccurate), overBudget: share(run.overBudget),
            broken: share(run.broken), isViolated: run.violates(goal, budget: budget), switches: share(run.switches),
            favourite: favourite.map { player.candidates[$0].candidate.name })
    }

    private static func timeline(
        of runs: [String: PlayedRun], _ environment: String, _ player: TracePlayer
    ) -> BenchResults.Timeline {
        let count = min(player.trace.count, timelineSamples)
        let profiles = player.trace.header.profile.candidates
        let largest = profiles.indices.max { profiles[$0].time.median < profiles[$1].time.median } ?? 0
        let slowdown = (0..<count).map { sample in
            let answer = player.trace.answer(
                sample: sample, candidate: largest, stage: player.trace.layout.stages[largest])
            return answer.time / (profiles[largest].time.median * 1e-3)
        }
        return BenchResults.Timeline(
            environment: environment, goal: 0, slowdown: slowdown,
            worth: runs.mapValues { run in run.steps.prefix(count).map { player.worth(of: $0) } },
            energy: runs.mapValues { run in run.steps.prefix(count).map(\.energy) })
    }

    private static func promises(
        _ policy: String, _ player: TracePlayer, _ goals: [TraceGoal], environment: String
    ) throws(AlertError) -> BenchResults.Promises {
        var tallies: [PromiseTally] = []
        // Six goals across all of them: one for each deadline of the paper's grid.
        for place in 0..<min(6, goals.count) {
            let goal = goals[(2 * place + 1) * goals.count / 12]
            let made = try player.playPromises(policy, for: goal)
            if tallies.isEmpty {
                tallies = made
            } else {
                for index in tallies.indices {
                    tallies[index].count += made[index].count
                    tallies[index].kept += made[index].kept
                }
            }
        }
        return BenchResults.Promises(environment: environment, policy: policy, tallies: tallies)
    }
}

extension TracePlayer {
    /// What a step's answer is worth: the accuracy of its stage as profiled; 0 where there was none.
    func worth(of step: PlayedRun.Step) -> Double {
        step.stage > 0 ? accuracies[options[step.candidate].firstAccuracy + step.stage - 1] : 0
    }

    /// Asks a policy by its name for promises.
    func playPromises(_ name: String, for goal: TraceGoal) throws(AlertError) -> [PromiseTally] {
        var policy = try Policies.make(
            name, candidates: candidates, idlePower: trace.header.profile.idlePower, goal: goal.goal)
        return playPromises(&policy, for: goal)
    }
}
