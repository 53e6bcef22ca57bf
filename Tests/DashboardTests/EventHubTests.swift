import Foundation
import Testing

@testable import Dashboard

/// Viewers each go at their own pace.
struct EventHubTests {
    private let hub = EventHub(first: 1)

    private func publish(_ count: Int) { for _ in 0..<count { hub.publish(.notice, Array("{}".utf8)) } }

    @Test func `A new viewer gets the newest of what was before`() {
        publish(EventHub.greeting + 10)
        let batch = hub.events(after: hub.start(lastSeen: nil))
        #expect(batch.events.count == EventHub.greeting)
        #expect(batch.events.last?.id == EventHub.greeting + 10)
        #expect(batch.skipped == 0)
    }

    @Test func `One that comes back goes on where it was`() {
        publish(20)
        #expect(hub.events(after: hub.start(lastSeen: 15)).events.map(\.id) == [16, 17, 18, 19, 20])
        #expect(hub.events(after: hub.start(lastSeen: 20)).events.isEmpty)
        // What another run of heed had numbered is not known here.
        #expect(hub.events(after: hub.start(lastSeen: 999)).events.count == 20)
    }

    @Test func `A slow one misses the oldest, and is told how many`() {
        publish(EventHub.capacity + 100)
        let batch = hub.events(after: 0)
        #expect(batch.skipped == 100)
        #expect(batch.events.map(\.id) == Array(101...(EventHub.capacity + 100)))
    }

    @Test func `One that waits is woken by the next event, and by the end`() async {
        async let woken: Void = hub.news(after: 0)
        publish(1)
        await woken
        async let ended: Void = hub.news(after: 1)
        hub.close()
        await ended
        #expect(hub.isClosed)
    }

    @Test func `One that leaves while it waits is let go`() async {
        let waiting = Task { await hub.news(after: 0) }
        waiting.cancel()
        await waiting.value
        #expect(hub.events(after: 0).events.isEmpty)
    }
}
