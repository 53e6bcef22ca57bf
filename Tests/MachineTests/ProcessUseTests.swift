import Machine
import Testing

struct ProcessUseTests {
    @Test func aThreadsTimeIsPartOfItsProcesss() {
        let process = ProcessorTime.process()
        let thread = ProcessorTime.thread()
        while ProcessorTime.thread() - thread < .milliseconds(5) {}
        #expect(ProcessorTime.process() - process >= .milliseconds(5))
    }

    @Test func memoryInUseIsSeen() throws {
        let size = 64 << 20
        let before = try MemoryUse.current()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 1)
        let after = try MemoryUse.current()
        #expect(after.peak >= after.resident)
        #expect(after.peak >= before.resident)
        #expect(after.resident > size)
    }
}
