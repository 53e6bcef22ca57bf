import CVideo4Linux
import Glibc

/// The system calls of the capture thread besides Video4Linux's own.
enum Kernel {
    /// Makes a call again for as long as a signal interrupts it. `call` returns a negative errno when it fails.
    static func uninterrupted(_ name: String, _ call: () -> Int32) throws(SystemCallError) -> Int32 {
        while true {
            let status = call()
            if status >= 0 { return status }
            if status != -EINTR { throw SystemCallError(call: name, number: -status) }
        }
    }

    /// Opens a file.
    static func open(_ path: String, _ flags: Int32) throws(SystemCallError) -> Int32 {
        try uninterrupted("open") {
            let file = Glibc.open(path, flags | O_CLOEXEC)
            return file < 0 ? -errno : file
        }
    }

    /// What `poll` found on two files.
    struct Readiness: Hashable {
        var first: Int16 = 0
        var second: Int16 = 0
    }

    /// Waits until one of two files is ready; nothing is ready after `milliseconds`. A negative file is not looked at.
    static func poll(_ first: Int32, _ second: Int32, milliseconds: Int32) throws(SystemCallError) -> Readiness {
        var files = (
            pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0)
        )
        // A signal makes the wait longer than asked at most; who calls looks at the clock anyway.
        _ = try uninterrupted("poll") {
            withUnsafeMutablePointer(to: &files) { pointer in
                pointer.withMemoryRebound(to: pollfd.self, capacity: 2) { files in
                    let count = Glibc.poll(files, 2, milliseconds)
                    return count < 0 ? -errno : count
                }
            }
        }
        return Readiness(first: files.0.revents, second: files.1.revents)
    }

    /// Maps a part of a device's memory.
    static func map(_ file: Int32, byteCount: Int, offset: Int) throws(SystemCallError) -> UnsafeMutableRawBufferPointer
    {
        let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset)
        guard let start, start != MAP_FAILED else { throw SystemCallError(call: "mmap", number: errno) }
        return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }
}
