import Foundation

extension Delivery {
    /// What a person should know; kept until there is somebody to tell.
    final class Notices: @unchecked Sendable {  // `lock` guards both.
        private let lock = NSLock()
        private var notice: (@Sendable (String) -> Void)?
        private var unsaid: [String] = []

        /// Says what was kept, and from now on all that comes.
        func tell(_ notice: @escaping @Sendable (String) -> Void) {
            let earlier = lock.withLock {
                self.notice = notice
                defer { unsaid = [] }
                return unsaid
            }
            for line in earlier { notice(line) }
        }

        func say(_ line: String) {
            let notice = lock.withLock {
                if self.notice == nil { unsaid.append(line) }
                return self.notice
            }
            notice?(line)
        }
    }
}
