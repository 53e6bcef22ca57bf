import CALSA
import Glibc

/// What the capturing thread waits for: the bell that stops it, and the files of its stream.
final class WaitSet {
    private static let mostFiles = 16

    /// Whether the bell has rung; it stays so.
    private(set) var isStopped = false
    private let files: UnsafeMutableBufferPointer<pollfd>
    private var fileCount = 0

    init(stopping: Bell) {
        files = .allocate(capacity: 1 + Self.mostFiles)
        files.initialize(repeating: pollfd())
        files[0] = pollfd(fd: stopping.file, events: Int16(POLLIN), revents: 0)
    }

    deinit { files.deallocate() }

    /// Waits for this stream from now on.
    func watch(_ stream: ALSA.Stream) {
        fileCount = min(Self.mostFiles, ALSA.fill(UnsafeMutableBufferPointer(rebasing: files[1...]), from: stream))
    }

    /// Waits for the stream watched, but not longer than asked; whether it has failed.
    func wait(for stream: ALSA.Stream, milliseconds: Int) -> Bool {
        wait(fileCount, milliseconds)
        let own = UnsafeMutableBufferPointer(rebasing: files[1..<(1 + fileCount)])
        return ALSA.events(own, of: stream) & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// Waits for the bell alone, but not longer than asked.
    func waitForBell(milliseconds: Int) { wait(0, milliseconds) }

    private func wait(_ count: Int, _ milliseconds: Int) {
        // A wait that a signal ends early only looks at the stream early.
        if poll(files.baseAddress, nfds_t(1 + count), Int32(clamping: milliseconds)) < 0 {
            for index in files.indices { files[index].revents = 0 }
        }
        if files[0].revents != 0 { isStopped = true }
    }
}
