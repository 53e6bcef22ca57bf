import Foundation
import Media
import Synchronization
import Testing
import Units

@testable import Pipelines

@Suite(.timeLimit(.minutes(1)))
struct RunClockTests {
    /// What happened, in its order: who, when.
    private final class Diary: Sendable {
        struct Entry: Hashable {
            var who: Int
            var when: Int64
        }
        private let entries = Mutex<[Entry]>([])

        func note(_ who: Int, _ clock: RunClock) {
            entries.withLock { $0.append(Entry(who: who, when: clock.now().nanoseconds)) }
        }
        var all: [Entry] { entries.withLock { $0 } }
    }

    /// Things that some threads put down and others pick up.
    private final class Basket: @unchecked Sendable {  // Everything mutable is touched with `condition` held.
        private let condition: RunCondition
        private var count = 0
        private var givers: Int

        init(_ clock: RunClock, givers: Int) {
            condition = RunCondition(clock)
            self.givers = givers
        }

        func put() {
            condition.withLock {
                count += 1
                condition.broadcast()
            }
        }
        func end() {
            condition.withLock {
                givers -= 1
                condition.broadcast()
            }
        }
        func take() -> Bool {
            condition.withLock {
                while count == 0, givers > 0 { condition.wait() }
                guard count > 0 else { return false }
                count -= 1
                return true
            }
        }
    }

    /// Runs each body on a thread of the clock, in their order, and waits for all.
    private func run(on clock: RunClock, _ bodies: [@Sendable () -> Void]) {
        let group = DispatchGroup()
        clock.enter()
        for body in bodies {
            group.enter()
            clock.startThread(named: "test", stackSize: 1 << 20) {
                body()
                group.leave()
            }
        }
        clock.leave()
        group.wait()
    }

    /// Givers that rest for a while before each thing, takers that rest after each.
    private func bazaar(seed: UInt64, on clock: RunClock, unit: Duration) -> [Diary.Entry] {
        var random = SeededGenerator(seed: seed)
        let (givers, takers) = (1 + Int(random.next() % 3), 1 + Int(random.next() % 3))
        let (basket, diary) = (Basket(clock, givers: givers), Diary())
        let bodies = (0..<givers + takers).map { who -> @Sendable () -> Void in
            let seed = random.next()
            return {
                var random = SeededGenerator(seed: seed)
                func rest() { clock.sleep(until: clock.now() + unit * Int(random.next() % 4)) }
                if who < givers {
                    for _ in 0..<20 {
                        rest()
                        diary.note(who, clock)
                        basket.put()
                    }
                    basket.end()
                } else {
                    while basket.take() {
                        diary.note(who, clock)
                        rest()
                    }
                }
            }
        }
        run(on: clock, bodies)
        #expect(diary.all.filter { $0.who >= givers }.count == givers * 20)
        return diary.all
    }

    @Test func `Threads of a virtual clock end, and do the same in the same order each time`() {
        for seed in 0..<50 as Range<UInt64> {
            let first = bazaar(seed: seed, on: .virtual(VirtualClock()), unit: .seconds(1))
            let second = bazaar(seed: seed, on: .virtual(VirtualClock()), unit: .seconds(1))
            #expect(first == second)
            #expect(zip(first, first.dropFirst()).allSatisfy { $0.when <= $1.when })
            #expect(first.allSatisfy { $0.when % 1_000_000_000 == 0 })
        }
    }

    @Test func `Threads of the real clock share it all the same`() {
        let diary = bazaar(seed: 3, on: .monotonic, unit: .milliseconds(1))
        #expect(diary.count.isMultiple(of: 40))
    }

    @Test func `A virtual clock leaps to the earliest moment, and those due at once go in the order of joining`() {
        let (clock, diary) = (RunClock.virtual(VirtualClock()), Diary())
        let bodies = [3, 1, 3, 2].enumerated().map { who, hours -> @Sendable () -> Void in
            {
                clock.sleep(until: MonotonicTime(nanoseconds: 0) + .seconds(3600 * hours))
                diary.note(who, clock)
            }
        }
        run(on: clock, bodies)
        #expect(diary.all.map(\.who) == [1, 3, 0, 2])
        #expect(diary.all.map { $0.when / 3_600_000_000_000 } == [1, 2, 3, 3])
    }

    @Test func `A moment that has passed passes the turn on and no time`() {
        let (clock, diary) = (RunClock.virtual(VirtualClock()), Diary())
        let body = { (who: Int) -> @Sendable () -> Void in
            {
                for _ in 0..<3 {
                    diary.note(who, clock)
                    clock.sleep(until: MonotonicTime(nanoseconds: -5))
                }
            }
        }
        run(on: clock, [body(0), body(1)])
        #expect(diary.all.allSatisfy { $0.when == 0 })
        #expect(diary.all.filter { $0.who == 0 }.count == 3 && diary.all.count == 6)
    }

    @Test func `Whoever has not joined can end a wait for news`() {
        let clock = RunClock.virtual(VirtualClock())
        let basket = Basket(clock, givers: 1)
        let isOver = DispatchSemaphore(value: 0)
        clock.startThread(named: "test", stackSize: 1 << 20) {
            while basket.take() {}
            isOver.signal()
        }
        basket.put()
        basket.end()
        isOver.wait()
        #expect(!basket.take())
    }
}
