import CVideo4Linux
import Glibc
import Units

/// Wakes a thread that waits in `poll`: the kernel's event counter.
final class Bell: Sendable {
    /// Ready for reading once the bell has rung.
    let file: Int32

    init() throws(SystemCallError) {
        file = try Kernel.uninterrupted("eventfd") { heed_event_counter() }
    }

    deinit { close(file) }

    /// Rings; on any thread, never blocks, allocates nothing.
    func ring() {
        var one: UInt64 = 1
        // It can only fail when the counter is full, and then the bell has rung.
        _ = write(file, &one, 8)
    }

    /// Waits until the bell rings, but not longer than `limit`; a signal may end the wait early.
    func wait(_ limit: Duration) {
        var files = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        poll(&files, 1, Int32(clamping: Int(limit.milliseconds.rounded(.up))))
    }

    /// Makes the bell silent until it rings again.
    func silence() {
        var count: UInt64 = 0
        _ = read(file, &count, 8)
    }
}
