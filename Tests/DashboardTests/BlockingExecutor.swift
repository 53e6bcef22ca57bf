import Dispatch

/// Runs tests that block on threads of their own, so that they take none of those a page is served by.
final class BlockingExecutor: TaskExecutor {
    private static let shared = BlockingExecutor()
    private let queue = DispatchQueue(label: "tests", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    static func run(_ body: @Sendable () throws -> Void) async throws {
        try await withTaskExecutorPreference(shared) { try body() }
    }
}
