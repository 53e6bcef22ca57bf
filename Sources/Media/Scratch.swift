/// Memory that one thread reuses from frame to frame; it grows when a larger frame comes and never shrinks.
final class Scratch {
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit { memory.deallocate() }

    /// Memory for at least `count` bytes, its contents undefined; what an earlier call returned is no longer valid.
    func bytes(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if memory.count < count || memory.baseAddress == nil {
            memory.deallocate()
            memory = .allocate(byteCount: max(count, 64), alignment: 64)
        }
        return memory.bindMemory(to: UInt8.self).baseAddress.unsafelyUnwrapped
    }
}
