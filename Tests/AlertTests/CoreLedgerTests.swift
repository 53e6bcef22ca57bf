import Alert
import Testing
import Units

/// Held against a second bookkeeping of who runs and who waits.
@Suite struct CoreLedgerTests {
    /// What a test itself knows of a stream.
    private struct Known {
        var demand = Demand(cores: 0)
        var deadline = Duration.zero
        var isWaiting = false
        var isRunning = false
        /// How often somebody with a later deadline began before it, who wanted the same.
        var overtaken = 0
    }

    private static func compete(_ one: Demand, _ other: Demand) -> Bool {
        one.cores > 0 && other.cores > 0 || one.processor != nil && one.processor == other.processor
    }

    private static func fits(_ demand: Demand, beside all: [Known], cores: Int) -> Bool {
        let running = all.filter(\.isRunning).map(\.demand)
        let used = running.reduce(0) { $0 + min($1.cores, cores) }
        return min(demand.cores, cores) <= max(cores - used, 0)
            && !running.contains { $0.processor != nil && $0.processor == demand.processor }
    }

    @Test(arguments: 1..<60 as Range<UInt64>)
    func `Cores are given by deadline, none twice, and everybody's turn comes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (cores, streams) = (1 + Int(random.next() % 6), 1 + Int(random.next() % 5))
        var ledger = CoreLedger(cores: cores, streams: streams)
        var known = Array(repeating: Known(), count: streams)
        var now = Duration.zero

        /// Takes in who began with what happened last, and checks that it was their turn.
        func settle() {
            let begun = known.indices.filter { known[$0].isWaiting && ledger.isRunning($0) }
            for stream in begun { (known[stream].isWaiting, known[stream].isRunning) = (false, true) }
            for stream in begun {
                for other in known.indices
                where known[other].isWaiting && known[other].deadline < known[stream].deadline
                    && Self.compete(known[other].demand, known[stream].demand)
                {
                    known[other].overtaken += 1
                    #expect(!Self.fits(known[other].demand, beside: known, cores: cores), "an earlier one had fitted")
                    #expect(known[other].overtaken <= begun.count, "passed over twice")
                }
            }
            let used = known.filter(\.isRunning).reduce(0) { $0 + min($1.demand.cores, cores) }
            #expect(used <= cores)
            let processors = known.filter(\.isRunning).compactMap(\.demand.processor)
            #expect(Set(processors).count == processors.count)
            for stream in known.indices where known[stream].isWaiting {
                let demand = known[stream].demand
                let isKept = known.contains {
                    $0.isWaiting && $0.overtaken > 0 && $0.deadline <= known[stream].deadline
                        && Self.compete($0.demand, demand)
                }
                #expect(isKept || !Self.fits(demand, beside: known, cores: cores), "waits for nothing")
            }
        }

        for _ in 0..<400 {
            now += .milliseconds(Int(random.next() % 5))
            let stream = Int(random.next() % UInt64(streams))
            if known[stream].isRunning {
                known[stream].isRunning = false
                _ = ledger.giveBack(stream, at: now)
            } else if !known[stream].isWaiting {
                let isElsewhere = random.next() % 4 == 0
                let demand = Demand(
                    cores: isElsewhere ? 0 : 1 + Int(random.next() % 6), processor: isElsewhere ? 1 : nil)
                let deadline = now + .milliseconds(Int(random.next() % 50))
                known[stream] = Known(demand: demand, deadline: deadline, isWaiting: true)
                _ = ledger.ask(stream, for: demand, deadline: deadline, expected: .milliseconds(5), at: now)
            }
            settle()
        }
        // Whoever waits has its turn when the others give back what they have.
        for _ in 0..<streams {
            for stream in known.indices where known[stream].isRunning {
                known[stream].isRunning = false
                _ = ledger.giveBack(stream, at: now)
                settle()
            }
        }
        let waiting = known.filter(\.isWaiting)
        #expect(waiting.isEmpty)
    }

    @Test func `The earliest deadline is served first, past one that does not fit, once`() {
        var ledger = CoreLedger(cores: 2, streams: 4)
        func ask(_ stream: Int, _ cores: Int, _ milliseconds: Int) -> Bool {
            ledger.ask(
                stream, for: Demand(cores: cores), deadline: .milliseconds(milliseconds), expected: .milliseconds(10),
                at: .zero)
        }
        #expect(ask(0, 1, 10))
        #expect(!ask(1, 2, 20))
        // One core is free, and the one before it in line needs two.
        #expect(ask(2, 1, 30))
        #expect(!ask(3, 1, 40))
        _ = ledger.giveBack(0, at: .zero)
        // The second is not passed over again.
        #expect(!ledger.isRunning(3) && !ledger.isRunning(1))
        _ = ledger.giveBack(2, at: .zero)
        #expect(ledger.isRunning(1) && !ledger.isRunning(3))
        _ = ledger.giveBack(1, at: .zero)
        #expect(ledger.isRunning(3))
    }

    @Test func `Who insists shares the cores, and each is told how much of its time it had them to itself`() {
        var ledger = CoreLedger(cores: 2, streams: 2)
        func ask(_ stream: Int, at now: Int) -> Bool {
            ledger.ask(
                stream, for: Demand(cores: 2), deadline: .seconds(1), expected: .milliseconds(10),
                at: .milliseconds(now))
        }
        #expect(ask(0, at: 0))
        #expect(!ask(1, at: 10))
        ledger.insist(1, at: .milliseconds(10))
        #expect(ledger.isRunning(1))
        // Half of its 10 ms are over at half speed, so that as much again is left.
        let half = ledger.neighbours(of: 0, asking: [(Demand(cores: 2), CandidateSet([0]))], at: .milliseconds(20))
        #expect(abs(half.delay.milliseconds - 10) < 1e-6 && half.delayed == CandidateSet([0]))
        // 10 ms alone, 20 ms at half speed.
        #expect(abs(ledger.giveBack(0, at: .milliseconds(30)) - 20.0 / 30) < 1e-9)
        // 20 ms at half speed, 10 ms alone.
        #expect(abs(ledger.giveBack(1, at: .milliseconds(40)) - 20.0 / 30) < 1e-9)
        #expect(ask(0, at: 50))
        #expect(ledger.giveBack(0, at: .milliseconds(60)) == 1)
    }

    @Test func `Who chooses anew for more than is there is told so, and shares the cores`() {
        var ledger = CoreLedger(cores: 2, streams: 2)
        let (one, two) = (Demand(cores: 1), Demand(cores: 2))
        func change(to demand: Demand) -> Bool { ledger.change(0, to: demand, expected: .seconds(1), at: .zero) }
        let isFirstIn = ledger.ask(0, for: one, deadline: .seconds(1), expected: .seconds(1), at: .zero)
        let fits = [change(to: two), change(to: one)]
        let isOtherIn = ledger.ask(1, for: one, deadline: .seconds(1), expected: .seconds(1), at: .zero)
        let fitsBeside = change(to: two)
        let share = ledger.giveBack(0, at: .seconds(1))
        #expect(isFirstIn && isOtherIn && fits == [true, true] && !fitsBeside)
        #expect(abs(share - 2.0 / 3) < 1e-9)
    }

    @Test func `A choice is told what it must wait for, and whose next sample it would keep from running`() {
        var ledger = CoreLedger(cores: 2, streams: 2)
        let demands: ContiguousArray = [
            (demand: Demand(cores: 1), candidates: CandidateSet([0, 2])),
            (demand: Demand(cores: 2), candidates: CandidateSet([1])),
            (demand: Demand(cores: 0, processor: 7), candidates: CandidateSet([3])),
        ]
        #expect(ledger.neighbours(of: 0, asking: demands, at: .zero).delayed.isEmpty)
        let began = ledger.ask(
            1, for: Demand(cores: 1), deadline: .seconds(1), expected: .milliseconds(30), at: .milliseconds(5))
        #expect(began)
        ledger.expect((Demand(cores: 1), .milliseconds(60)), of: 1)
        let neighbours = ledger.neighbours(of: 0, asking: demands, at: .milliseconds(15))
        #expect(neighbours.delayed == CandidateSet([1]) && neighbours.delay == .milliseconds(20))
        #expect(neighbours.crowding == CandidateSet([1]) && neighbours.room == .milliseconds(45))
        // What was to begin by now is late already, or is not to come.
        #expect(ledger.neighbours(of: 0, asking: demands, at: .milliseconds(60)).crowding.isEmpty)
        // A stream is not its own neighbour.
        #expect(ledger.neighbours(of: 1, asking: demands, at: .milliseconds(15)) == Neighbours(room: .seconds(1e9)))
    }
}
