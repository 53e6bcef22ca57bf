import Captions
import Testing

@Suite struct GroupDeadlineTests {
    @Test func `The budget is shared evenly`() {
        #expect(GroupDeadline(budget: .seconds(1), inputs: 4).next == .milliseconds(250))
    }

    @Test func `A slow input shrinks what the later ones get`() {
        var group = GroupDeadline(budget: .seconds(1), inputs: 4)
        group.finish(taking: .milliseconds(700))
        #expect(group.next == .milliseconds(100))
    }

    @Test func `A group that is late leaves no time`() {
        var group = GroupDeadline(budget: .seconds(1), inputs: 2)
        group.finish(taking: .seconds(3))
        #expect(group.next == .zero)
        #expect(group.left == .seconds(-2))
    }

    @Test func `A group that is finished has no next deadline`() {
        var group = GroupDeadline(budget: .seconds(1), inputs: 1)
        group.finish(taking: .milliseconds(1))
        #expect(group.next == nil)
        group.finish(taking: .milliseconds(1))
        #expect(group.remaining == 0)
    }

    @Test func `A group can grow`() {
        var group = GroupDeadline(budget: .milliseconds(400), inputs: 1)
        group.add(inputs: 1, budget: .milliseconds(200))
        #expect(group.next == .milliseconds(300))
    }
}

@Suite struct HopPlannerTests {
    @Test func `The first decode waits for a first word`() {
        let planner = HopPlanner(start: .seconds(2))
        #expect(planner.next(soundUntil: .seconds(2.4)) == .wait(until: .seconds(2.5)))
        #expect(planner.next(soundUntil: .seconds(2.5)) == .decode)
    }

    @Test func `A decode waits until the one before is finished`() {
        var planner = HopPlanner()
        planner.started(until: .seconds(1))
        #expect(planner.next(soundUntil: .seconds(9)) == .busy)
        planner.finished()
        #expect(planner.next(soundUntil: .seconds(9)) == .decode)
    }

    @Test func `A decode waits for the hop's new sound`() {
        var planner = HopPlanner()
        planner.expect(decodeTime: .milliseconds(600))
        planner.started(until: .seconds(1))
        planner.finished()
        #expect(planner.hop == .seconds(1))
        #expect(planner.next(soundUntil: .seconds(1.9)) == .wait(until: .seconds(2)))
        #expect(planner.next(soundUntil: .seconds(2)) == .decode)
    }

    @Test func `Hops have a shortest and a longest`() {
        var planner = HopPlanner()
        planner.expect(decodeTime: .milliseconds(1))
        #expect(planner.hop == .milliseconds(400))
        planner.expect(decodeTime: .seconds(60))
        #expect(planner.hop == .seconds(2))
    }

    @Test func `Behind schedule hops are longer`() {
        var planner = HopPlanner()
        planner.started(until: .seconds(1))
        planner.finished()
        planner.isStretched = true
        #expect(planner.next(soundUntil: .seconds(1.5)) == .wait(until: .seconds(1.8)))
    }

    @Test func `A new utterance begins with a first decode`() {
        var planner = HopPlanner()
        planner.started(until: .seconds(5))
        planner.finished()
        planner.begin(at: .seconds(4.8))
        #expect(planner.next(soundUntil: .seconds(5.2)) == .wait(until: .seconds(5.3)))
    }
}

@Suite struct BacklogLadderTests {
    private func observe(_ ladder: inout BacklogLadder, _ delay: Double, at now: Double) -> BacklogLadder.Action? {
        ladder.observe(delay: .seconds(delay), oldest: .seconds(now - delay), now: .seconds(now))
    }

    @Test func `On time nothing is given up`() {
        var ladder = BacklogLadder()
        #expect(observe(&ladder, 0, at: 1) == nil)
        #expect(observe(&ladder, 0.4, at: 2) == nil)
        #expect(ladder.step == .normal)
    }

    @Test func `The steps come in order, each said in words`() {
        var ladder = BacklogLadder()
        #expect(observe(&ladder, 0.6, at: 10)?.message == "0.6 s behind: smaller recognizer preferred")
        #expect(observe(&ladder, 1.4, at: 11)?.message == "1.4 s behind: partial captions less often")
        #expect(observe(&ladder, 2.5, at: 12)?.message == "2.5 s behind: final captions only")
        #expect(observe(&ladder, 2.6, at: 13) == nil)
        let drop = observe(&ladder, 9, at: 19)
        #expect(drop?.message == "9.0 s behind: oldest sound dropped [gap 7.0 s]")
        #expect(drop?.gap == Gap(start: .seconds(10), length: .seconds(7)))
    }

    @Test func `A sudden delay goes straight to the step it asks for`() {
        var ladder = BacklogLadder()
        #expect(observe(&ladder, 3, at: 3)?.step == .finalOnly)
    }

    @Test func `Sound is dropped each time the delay is too long`() {
        var ladder = BacklogLadder()
        #expect(observe(&ladder, 8, at: 10)?.gap?.length == .seconds(6))
        #expect(observe(&ladder, 3, at: 12) == nil)
        #expect(observe(&ladder, 8.5, at: 20)?.gap?.length == .seconds(6.5))
    }

    @Test func `Steps are given back one at a time, each after a calm`() {
        var ladder = BacklogLadder()
        _ = observe(&ladder, 2.5, at: 0)
        var steps: [BacklogLadder.Step] = []
        for second in 1...30 {
            if let action = observe(&ladder, 0.1, at: Double(second)) { steps.append(action.step) }
        }
        #expect(steps == [.longerHop, .smallerRecognizer, .normal])
    }

    @Test func `A delay in between breaks the calm`() {
        var ladder = BacklogLadder()
        _ = observe(&ladder, 0.6, at: 0)
        #expect(observe(&ladder, 0.1, at: 1) == nil)
        #expect(observe(&ladder, 0.4, at: 5) == nil)
        #expect(observe(&ladder, 0.1, at: 7) == nil)
        #expect(observe(&ladder, 0.1, at: 12)?.message == "caught up, 0.1 s behind: all as configured")
    }

    @Test func `A delay about a threshold does not flicker`() {
        var ladder = BacklogLadder()
        var changes = 0
        for step in 0..<200 where observe(&ladder, step % 2 == 0 ? 1.05 : 0.95, at: Double(step)) != nil {
            changes += 1
        }
        #expect(changes == 1)
    }
}
