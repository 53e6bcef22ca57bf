import Foundation
import Synchronization
import Testing

@testable import Sinks

struct DeliveryTests {
    private let notices = Notices()
    /// A far end that a test turns on and off, and that can hang.
    private final class Switch: FarEnd, Sendable {
        let batch = 10
        private let state = Mutex((isOn: true, taken: [Message]()))
        let hold = DispatchSemaphore(value: 0)
        let hangs: Bool
        let refused: Message?

        init(isOn: Bool = true, hangs: Bool = false, refused: Message? = nil) {
            self.hangs = hangs
            self.refused = refused
            state.withLock { $0.isOn = isOn }
        }

        var isOn: Bool {
            get { state.withLock { $0.isOn } }
            set { state.withLock { $0.isOn = newValue } }
        }
        var taken: [Message] { state.withLock { $0.taken } }

        func open() throws(DeliveryFailure) {
            if !isOn { throw DeliveryFailure("is off") }
        }

        func send(_ messages: [Message]) throws(DeliveryFailure) {
            if hangs { hold.wait() }
            for (index, message) in messages.enumerated() {
                if message == refused { throw DeliveryFailure("no", sent: index, isRefusal: true) }
                state.withLock { $0.taken.append(message) }
            }
        }

        func close() {}
    }

    @Test func nothingIsLostOrDisorderedByAnOutage() throws {
        let scratch = try ScratchFolder()
        let end = Switch()
        let delivery = Delivery(
            to: end, name: "test", spool: try Spool(path: scratch.path, limit: 1 << 20), limits: .quick,
            logger: notices.logger)
        for number in 0..<100 { delivery.send(message(number)) }
        #expect(eventually { delivery.counts.sent == 100 })
        end.isOn = false
        for number in 100..<2000 { delivery.send(message(number)) }
        #expect(eventually { notices.all.contains("is off; what comes waits in \(scratch.path)") })
        end.isOn = true
        #expect(eventually { delivery.counts.waiting == 0 })
        delivery.finish()
        #expect(end.taken == (0..<2000).map { message($0) })
        #expect(delivery.counts == DeliveryCounts(sent: 2000))
    }

    @Test func aHangingFarEndNeverHoldsUpWhoSends() throws {
        let end = Switch(hangs: true)
        var limits = Delivery.Limits.quick
        limits.memory = 10_000
        let delivery = Delivery(to: end, name: "test", limits: limits)
        // Would never return if it waited for the far end, which waits for the test.
        for number in 0..<5000 { delivery.send(message(number)) }
        let counts = delivery.counts
        #expect(counts.dropped > 4000)
        #expect(counts.waiting + counts.dropped == 5000)
        for _ in 0..<1000 { end.hold.signal() }
        delivery.finish()
        #expect(end.taken == (0..<counts.waiting).map { message($0) })
        #expect(delivery.counts == DeliveryCounts(sent: counts.waiting, dropped: counts.dropped))
    }

    @Test func whatWaitsAtTheEndIsSentFirstByTheNextRun() throws {
        let scratch = try ScratchFolder()
        do {
            let delivery = Delivery(
                to: Switch(isOn: false), name: "test", spool: try Spool(path: scratch.path, limit: 1 << 20),
                limits: .quick, logger: notices.logger)
            for number in 0..<50 { delivery.send(message(number)) }
            #expect(eventually { notices.all.contains("is off") })
            delivery.finish()
            #expect(delivery.counts == DeliveryCounts(waiting: 50))
            #expect(notices.all.contains("50 wait in \(scratch.path); the next run sends them"))
        }
        // The spool is let go of with the delivery's thread.
        var spool: Spool?
        #expect(
            eventually {
                spool = try? Spool(path: scratch.path, limit: 1 << 20); return spool != nil
            })
        let end = Switch()
        let delivery = Delivery(to: end, name: "test", spool: spool, limits: .quick)
        delivery.send(message(50))
        delivery.finish()
        #expect(end.taken == (0...50).map { message($0) })
        #expect(delivery.counts == DeliveryCounts(sent: 51))
    }

    @Test func whatFindsNoRoomIsCountedAndSaid() throws {
        let scratch = try ScratchFolder()
        let end = Switch(isOn: false)
        var limits = Delivery.Limits.quick
        limits.memory = 20_000
        let delivery = Delivery(
            to: end, name: "test", spool: try Spool(path: scratch.path, limit: 64 << 10), limits: limits,
            logger: notices.logger)
        for number in 0..<20_000 {
            delivery.send(message(number))
            if number.isMultiple(of: 100) { pause(.milliseconds(1)) }
        }
        #expect(eventually { notices.all.contains("what comes now is dropped") })
        end.isOn = true
        #expect(eventually { delivery.counts.waiting == 0 })
        delivery.finish()
        let counts = delivery.counts
        #expect(counts.sent + counts.dropped == 20_000)
        #expect(counts.sent == end.taken.count && counts.dropped > 0)
        // In order; what is missing was dropped.
        let numbers = end.taken.compactMap { Int(String(decoding: $0.body, as: UTF8.self).filter(\.isNumber)) }
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    }

    @Test func whatIsRefusedDoesNotHoldUpTheRest() throws {
        let end = Switch(refused: message(3))
        let delivery = Delivery(to: end, name: "test", limits: .quick)
        for number in 0..<10 { delivery.send(message(number)) }
        delivery.finish()
        #expect(end.taken == (0..<10).filter { $0 != 3 }.map { message($0) })
        #expect(delivery.counts == DeliveryCounts(sent: 9, dropped: 1))
        #expect(delivery.taken == 10)
    }

    @Test func waitsGrowToABound() {
        var backOff = BackOff(first: .seconds(1), longest: .seconds(5))
        #expect((0..<5).map { _ in backOff.failed() } == [1, 2, 4, 5, 5].map { Duration.seconds($0) })
        backOff.succeeded()
        #expect(backOff.failed() == .seconds(1))
    }
}
