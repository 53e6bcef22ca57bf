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
    private let isRelevant: @Sendable (String) -> Bool

    /// Watches folders of a tree for entries whose names are relevant; folders that are not there are left out. Without
    /// inotify nothing is ever noticed, and waits just run out.
    init(_ folders: [String], tree: DeviceTree, isRelevant: @escaping @Sendable (String) -> Bool) {
        self.isRelevant = isRelevant
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
            if ready.first != 0, hasRelevantEvents() { return .changed }
        }
    }

    /// Takes all events; whether one is of a relevant name, or some were left out for want of room.
    private func hasRelevantEvents() -> Bool {
        var isFound = false
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &bytes, bytes.count)
            guard count > 0 else { return isFound }
            isFound = isFound || Self.names(in: bytes[..<count]).contains { $0.isEmpty || isRelevant($0) }
        }
    }

    /// The names in what inotify gives: a head of 16 bytes, whose last four are the length of the name after it.
    private static func names(in events: ArraySlice<UInt8>) -> [String] {
        var names: [String] = []
        var rest = events
        while rest.count >= 16 {
            let length = rest.dropFirst(12).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            names.append(String(decoding: rest.dropFirst(16).prefix(length).prefix { $0 != 0 }, as: UTF8.self))
            rest = rest.dropFirst(16 + length)
        }
        return names
    }
}
