import Alert
import Testing
import Units

@Suite struct ResidencyPlannerTests {
    /// A planner over random tables, with what it must keep to.
    private struct World {
        var planner: ResidencyPlanner
        var models: [ResidencyPlanner.Model]
        var candidates: [CandidateProfile]
        var budget: Int
        var resident = CandidateSet()

        init(using generator: inout SeededGenerator) throws {
            let count = 2 + Int(generator.share() * 10)
            let tasks: [String?] = generator.share() < 0.5 ? [nil] : ["partial", "final"]
            var candidates: [CandidateProfile] = []
            for task in tasks {
                for (index, profile) in CandidateProfile.random(count, using: &generator).enumerated() {
                    var profile = profile
                    profile.candidate.task = task
                    profile.candidate.setting.processor = index % 3 == 0 ? "webgpu" : "cpu"
                    candidates.append(profile)
                }
            }
            self.candidates = candidates
            models = (0..<count).map { model in
                ResidencyPlanner.Model(
                    candidates: CandidateSet(tasks.indices.map { $0 * count + model }),
                    bytes: 10 + Int(generator.share() * 90))
            }
            budget = 50 + Int(generator.share() * 400)
            planner = try ResidencyPlanner(
                candidates: candidates, idlePower: Watts(3), goal: Self.goal(&generator), models: models, budget: budget
            )
        }

        static func goal(_ generator: inout SeededGenerator) throws -> Goal {
            generator.share() < 0.5
                ? try .mostAccurate(20 + Int(generator.share() * 80))
                : try .leastEnergy(20 + Int(generator.share() * 80), accuracy: generator.uniform(0.5...0.95))
        }

        func tasks(_ set: CandidateSet) -> Set<String?> {
            Set(set.flatMap { models[$0].candidates.map { candidates[$0].candidate.task } })
        }

        /// Takes a step, after checking that it may be taken.
        mutating func take(_ step: ResidencyPlanner.Step, inUse: CandidateSet, unavailable: CandidateSet) {
            #expect(!resident.contains(step.load))
            #expect(!unavailable.contains(step.load))
            #expect(step.evict.allSatisfy(resident.contains))
            #expect(step.evict.intersection(inUse).isEmpty)
            // While the new one loads, what is left serves all that was served.
            #expect(tasks(resident.subtracting(step.evict)) == tasks(resident))
            resident = resident.subtracting(step.evict)
            resident.insert(step.load)
            #expect(planner.bytes(resident) <= budget)
        }
    }

    @Test func `Over random tables and goals it keeps to the budget, and comes to rest`() throws {
        var generator = SeededGenerator(seed: 91)
        var (rests, evictions) = (0, 0)
        for _ in 0..<300 {
            var world = try World(using: &generator)
            for _ in 0..<4 {
                world.planner.goal = try World.goal(&generator)
                let slowdown = generator.uniform(0.7...3)
                let inUse = CandidateSet(world.resident.filter { _ in generator.share() < 0.3 })
                let unavailable = CandidateSet(
                    world.models.indices.filter { !world.resident.contains($0) && generator.share() < 0.2 })
                // One goal and one machine: a bounded number of steps, and no model comes back that was given up.
                var given = CandidateSet()
                for _ in 0..<3 * world.models.count {
                    guard
                        let step = world.planner.next(
                            resident: world.resident, inUse: inUse, unavailable: unavailable, slowdown: slowdown)
                    else {
                        rests += 1
                        break
                    }
                    given = given.union(step.evict)
                    evictions += step.evict.count
                    world.take(step, inUse: inUse, unavailable: unavailable)
                }
            }
        }
        #expect(rests == 1200)
        #expect(evictions > 100)
    }

    @Test func `A machine whose speed wavers makes it load nothing anew`() throws {
        var generator = SeededGenerator(seed: 92)
        var later = 0
        for _ in 0..<100 {
            var world = try World(using: &generator)
            func settle(_ slowdown: Double) -> Int {
                var steps = 0
                while let step = world.planner.next(resident: world.resident, slowdown: slowdown), steps < 100 {
                    world.take(step, inUse: CandidateSet(), unavailable: CandidateSet())
                    steps += 1
                }
                return steps
            }
            #expect(settle(1) < 100)
            for _ in 0..<50 { later += settle(1 + 0.01 * generator.normal()) }
        }
        // 5000 looks at machines that differ by a per cent.
        #expect(later < 50)
    }

    @Test func `The most useful comes first, then the one for when things go badly`() throws {
        let models = (0..<3).map { ResidencyPlanner.Model(candidates: CandidateSet([$0]), bytes: 100) }
        func first(_ goal: Goal, budget: Int) throws -> [Int] {
            let planner = try ResidencyPlanner(
                candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal, models: models, budget: budget)
            var (resident, order) = (CandidateSet(), [Int]())
            while let step = planner.next(resident: resident) {
                resident = resident.subtracting(step.evict)
                resident.insert(step.load)
                order.append(step.load)
            }
            return order
        }
        #expect(try first(.mostAccurate(60), budget: 300) == [2, 0, 1])
        #expect(try first(.mostAccurate(30), budget: 300).first == 1)
        #expect(try first(.leastEnergy(60, accuracy: 0.75), budget: 100) == [1])
        #expect(try first(.mostAccurate(60), budget: 50) == [])
    }

    @Test func `Another processor's model is worth its memory before a second of the same`() throws {
        var candidates = [
            CandidateProfile("a", milliseconds: 10, watts: 10, accuracy: 0.9),
            CandidateProfile("b", milliseconds: 11, watts: 10, accuracy: 0.89),
            CandidateProfile("c", milliseconds: 12, watts: 10, accuracy: 0.7),
        ]
        candidates[0].candidate.setting.processor = "webgpu"
        candidates[1].candidate.setting.processor = "webgpu"
        let planner = try ResidencyPlanner(
            candidates: candidates, idlePower: .zero, goal: .mostAccurate(100),
            models: (0..<3).map { .init(candidates: CandidateSet([$0]), bytes: 1) }, budget: 2)
        #expect(planner.next(resident: CandidateSet()) == .init(load: 0, evict: CandidateSet()))
        #expect(planner.next(resident: CandidateSet([0])) == .init(load: 2, evict: CandidateSet()))
        #expect(planner.next(resident: CandidateSet([0, 2])) == nil)
        // Where the first cannot be loaded, the other of its processor is next.
        #expect(planner.next(resident: CandidateSet([2]), unavailable: CandidateSet([0]))?.load == 1)
    }
}
