import Media
import Testing
import Units

@testable import Pipelines

@Suite struct ProcessorHealthTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    @Test func `A lost processor is tried after a second, then ever more seldom`() {
        var health = ProcessorHealth()
        var now = start
        var waits: [Int] = []
        health.fail("webgpu", because: "device lost", at: now)
        for _ in 0..<9 {
            guard let next = health.nextTry else { break }
            let wait: Duration = next - now
            waits.append(Int(wait.seconds.rounded()))
            #expect(health.takeDue(at: next + .milliseconds(-1)) == nil)
            #expect(health.takeDue(at: next) == "webgpu")
            #expect(health.takeDue(at: next + .seconds(5)) == nil, "it is being tried")
            now = next
            health.fail("webgpu", because: "no device", at: now)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(health.words == "webgpu: no device")
    }

    @Test func `It is well again once a try works`() {
        var health = ProcessorHealth()
        #expect(health.words == nil)
        health.fail("webgpu", because: "device lost", at: start)
        #expect(health.lost == ["webgpu"])
        #expect(health.takeDue(at: start + .seconds(1)) == "webgpu")
        health.recover("webgpu", at: start + .seconds(1))
        #expect(health.lost.isEmpty)
        #expect(health.words == nil)
        #expect(health.nextTry == nil)
    }

    @Test func `One that is lost again soon is left alone for longer, one that lasted is not`() {
        var health = ProcessorHealth()
        health.fail("webgpu", because: "device lost", at: start)
        health.recover("webgpu", at: start + .seconds(1))
        health.fail("webgpu", because: "device lost", at: start + .seconds(5))
        #expect(health.nextTry == start + .seconds(7))
        health.recover("webgpu", at: start + .seconds(7))
        health.fail("webgpu", because: "device lost", at: start + .seconds(100))
        #expect(health.nextTry == start + .seconds(101))
    }

    @Test func `The same loss told twice counts once`() {
        var health = ProcessorHealth()
        health.fail("cuda", because: "device lost", at: start)
        health.fail("cuda", because: "device lost", at: start + .milliseconds(500))
        #expect(health.nextTry == start + .seconds(1))
    }

    @Test func `Processors are lost each by itself`() {
        var health = ProcessorHealth()
        health.fail("webgpu", because: "device lost", at: start)
        health.fail("cuda", because: "out of memory", at: start + .milliseconds(10))
        #expect(health.words == "webgpu: device lost; cuda: out of memory")
        #expect(health.takeDue(at: start + .seconds(2)) == "webgpu")
        #expect(health.takeDue(at: start + .seconds(2)) == "cuda")
        health.recover("cuda", at: start + .seconds(2))
        #expect(health.lost == ["webgpu"])
    }
}
