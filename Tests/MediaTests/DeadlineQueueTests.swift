import Media
import Testing
import Units

struct DeadlineQueueTests {
    private func sample(
        _ sequence: Int, at captured: Int64, deadline: Int64 = .max / 2, isReplaceable: Bool = true
    ) -> Sample<Int> {
        Sample(
            sequence: sequence, captured: MonotonicTime(nanoseconds: captured), timeQuality: .device,
            deadline: MonotonicTime(nanoseconds: deadline), isReplaceable: isReplaceable, payload: sequence)
    }

    // Expectations capture what they look at, which a queue that cannot be copied does not allow.
    private func expectKept(_ superseded: Sample<Int>?, at location: SourceLocation = #_sourceLocation) {
        #expect(superseded == nil, sourceLocation: location)
    }

    @Test func samplesLeaveInTheOrderOfTheirCapture() {
        var queue = DeadlineQueue<Int>(capacity: 4)
        for (sequence, time) in [(0, 10), (1, 30), (2, 20), (3, 40)] as [(Int, Int64)] {
            expectKept(queue.push(sample(sequence, at: time)))
        }
        var order: [Int] = []
        while case .ready(let next)? = queue.take(now: MonotonicTime(nanoseconds: 0), needed: .zero) {
            order.append(next.sequence)
        }
        #expect(order == [0, 2, 1, 3])
        let (isEmpty, highWater) = (queue.isEmpty, queue.highWater)
        #expect(isEmpty)
        #expect(highWater == 4)
    }

    @Test func aFullQueueGivesUpItsOldestSample() {
        var queue = DeadlineQueue<Int>(capacity: 2)
        expectKept(queue.push(sample(0, at: 0)))
        expectKept(queue.push(sample(1, at: 1)))
        let superseded = queue.push(sample(2, at: 2))
        #expect(superseded?.sequence == 0)
        let count = queue.count
        #expect(count == 2)
    }

    @Test func aFullQueueGivesUpTheOldestSampleThatIsReplaceable() {
        var queue = DeadlineQueue<Int>(capacity: 3)
        for sequence in 0..<3 {
            expectKept(queue.push(sample(sequence, at: Int64(sequence), isReplaceable: sequence == 1)))
        }
        let replaced = [
            queue.push(sample(3, at: 3, isReplaceable: false)), queue.push(sample(4, at: 4)),
            queue.push(sample(5, at: 5, isReplaceable: false)),
        ]
        #expect(replaced.map(\.?.sequence) == [1, 4, 0])
        var order: [Int] = []
        while case .ready(let next)? = queue.take(now: MonotonicTime(nanoseconds: 0), needed: .zero) {
            order.append(next.sequence)
        }
        #expect(order == [2, 3, 5])
    }

    @Test func aLateSampleThatIsNotReplaceableKeepsItsPlace() {
        var queue = DeadlineQueue<Int>(capacity: 2)
        expectKept(queue.push(sample(0, at: 0, deadline: 100, isReplaceable: false)))
        expectKept(queue.push(sample(1, at: 50)))
        guard case .ready(let first)? = queue.take(now: MonotonicTime(nanoseconds: 500), needed: .nanoseconds(10))
        else {
            Issue.record("it gave its place to a newer one")
            return
        }
        #expect(first.sequence == 0)
    }

    @Test func aSampleOlderThanAllOfAFullQueueIsItselfSuperseded() {
        var queue = DeadlineQueue<Int>(capacity: 1)
        expectKept(queue.push(sample(1, at: 5)))
        let superseded = queue.push(sample(0, at: 1))
        #expect(superseded?.sequence == 0)
        let count = queue.count
        #expect(count == 1)
    }

    @Test func aSampleWithTooLittleTimeLeftGivesItsPlaceToANewerOne() throws {
        var queue = DeadlineQueue<Int>(capacity: 4)
        _ = queue.push(sample(0, at: 0, deadline: 100))
        _ = queue.push(sample(1, at: 50, deadline: 150))
        let now = MonotonicTime(nanoseconds: 95)
        guard case .superseded(let old)? = queue.take(now: now, needed: .nanoseconds(10)) else {
            Issue.record("the first sample was not superseded")
            return
        }
        #expect(old.sequence == 0)
        guard case .ready(let new)? = queue.take(now: now, needed: .nanoseconds(10)) else {
            Issue.record("the second sample was not handed out")
            return
        }
        #expect(new.sequence == 1)
    }

    @Test func aSampleWithJustEnoughTimeIsHandedOut() {
        var queue = DeadlineQueue<Int>(capacity: 4)
        _ = queue.push(sample(0, at: 0, deadline: 100))
        _ = queue.push(sample(1, at: 50, deadline: 150))
        guard case .ready(let first)? = queue.take(now: MonotonicTime(nanoseconds: 90), needed: .nanoseconds(10)) else {
            Issue.record("a sample that could be recognised in time was superseded")
            return
        }
        #expect(first.sequence == 0)
    }

    @Test func theLastSampleIsHandedOutHoweverLateItIs() {
        var queue = DeadlineQueue<Int>(capacity: 4)
        _ = queue.push(sample(7, at: 0, deadline: 1))
        guard case .ready(let last)? = queue.take(now: MonotonicTime(nanoseconds: 1_000), needed: .seconds(1)) else {
            Issue.record("the only sample was not handed out")
            return
        }
        #expect(last.sequence == 7)
        let nothing = queue.take(now: MonotonicTime(nanoseconds: 0), needed: .zero)
        #expect(nothing == nil)
    }

    @Test(arguments: 0..<40)
    func nothingLeavesUncounted(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let capacity = Int.random(in: 1...9, using: &random)
        var queue = DeadlineQueue<Int>(capacity: capacity)
        var model: [Sample<Int>] = []
        var pushed = 0
        var left: Set<Int> = []
        var clock: Int64 = 0
        for _ in 0..<2_000 {
            clock += Int64.random(in: 0...20, using: &random)
            if Bool.random(using: &random) {
                // Captured up to 30 ns ago: sometimes before a sample that was pushed earlier.
                let captured = clock - Int64.random(in: 0...30, using: &random)
                let new = sample(pushed, at: captured, deadline: captured + 60)
                pushed += 1
                model.insert(new, at: model.firstIndex { $0.captured > new.captured } ?? model.count)
                let expected = model.count > capacity ? model.removeFirst().sequence : nil
                let superseded = queue.push(new)
                #expect(superseded?.sequence == expected)
                if let superseded { #expect(left.insert(superseded.sequence).inserted) }
            } else {
                let needed = Duration.nanoseconds(Int.random(in: 0...80, using: &random))
                let now = MonotonicTime(nanoseconds: clock)
                let isSuperseded = model.count > 1 && model[0].deadline - now < needed
                let expected = model.isEmpty ? nil : model.removeFirst().sequence
                switch queue.take(now: now, needed: needed) {
                case nil: #expect(expected == nil)
                case .ready(let taken):
                    #expect(taken.sequence == expected && !isSuperseded)
                    #expect(left.insert(taken.sequence).inserted)
                case .superseded(let taken):
                    #expect(taken.sequence == expected && isSuperseded)
                    #expect(left.insert(taken.sequence).inserted)
                }
            }
            let (waiting, highWater) = (queue.count, queue.highWater)
            #expect(waiting == model.count)
            #expect(waiting <= capacity && highWater <= capacity)
            #expect(pushed == left.count + waiting)
        }
    }
}
