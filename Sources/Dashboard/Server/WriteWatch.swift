import Hummingbird
import HummingbirdCore
import Media
import NIOCore
import Synchronization
import Units

/// Lets a viewer that reads nothing go: a write that is stuck for too long ends its connection.
final class WriteWatch: Sendable {
    /// How long a write may be stuck.
    static let patience = Duration.seconds(10)

    private let began = Atomic<Int64>(0)
    private let isStuck = Atomic<Bool>(false)

    /// Whether the connection was ended because nothing was read.
    var hasDropped: Bool { isStuck.load(ordering: .relaxed) }

    /// Writes to a viewer; the time this takes is watched.
    func write(_ buffers: [ByteBuffer], to writer: inout any ResponseBodyWriter) async throws {
        began.store(MonotonicTime.now().nanoseconds, ordering: .relaxed)
        try await writer.write(contentsOf: buffers)
        began.store(0, ordering: .relaxed)
    }

    /// Watches until it is cancelled.
    func watch(_ channel: any Channel) -> Task<Void, Never> {
        Task {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                let since = began.load(ordering: .relaxed)
                guard since != 0, MonotonicTime.now() - MonotonicTime(nanoseconds: since) > Self.patience else {
                    continue
                }
                isStuck.store(true, ordering: .relaxed)
                return channel.close(promise: nil)
            }
        }
    }
}
