import Glibc
import Media
import Units

/// Notices when devices come, go, or change their permissions.
final class DeviceWatch: Sendable {
    /// What ended a wait.
    enum Wake: Hashable {
        /// Something about the devices changed.
        case changed
        /// The time was over.
        case elapsed
        /// The bell rang.
        case rung
    }

    private let file: Int32

    /// Watches folders of a tree; those that are not there are left out. Without inotify nothing is ever noticed, and
    /// waits just run out.
    init(_ folders: [String], tree: DeviceTree) {
        file = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard file >= 0 else { return }
        // A node gets its permissions after it was made.
        let events = UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_ATTRIB) | UInt32(IN_MOVED_TO)
        for folder in folders { _ = inotify_add_watch(file, tree.path(folder), events) }
    }

    deinit { if file >= 0 { close(file) } }

    /// Waits until something changes, `bell` rings, or the moment has come.
    func wait(until deadline: MonotonicTime, bell: Bell) throws(SystemCallError) -> Wake {
        while true {
            let left = (deadline - .now()).milliseconds
            if left <= 0 { return .elapsed }
            let ready = try Kernel.poll(file, bell.file, milliseconds: Int32(min(left + 1, 60_000)))
            if ready.second != 0 {
                bell.silence()
                return .rung
            }
            if ready.first != 0 {
                empty()
                return .changed
            }
        }
    }

    private func empty() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(file, &bytes, bytes.count) > 0 {}
    }
}
