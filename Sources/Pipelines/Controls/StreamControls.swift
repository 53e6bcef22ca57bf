public import Alert
import Synchronization
import Units

/// What may be changed of a stream while it runs, and what is to be seen of it: a mailbox between any thread and the
/// lane.
///
/// What is asked for is checked here and now, and takes effect between two samples. The lane never waits for a caller.
public final class StreamControls: Sendable {
    /// What the lane is asked to do before the next sample.
    struct Orders {
        var goal: Goal?
        /// A policy that knows nothing of this run yet.
        var policy: (any Policy)?
        /// What was said of the newest answer.
        var feedback: Feedback?

        var isEmpty: Bool { goal == nil && policy == nil && feedback == nil }
    }

    private struct State {
        var goal: Goal
        var policy: String
        var learnsFromFeedback: Bool
        var slowdown: SlowdownEstimate
        var orders = Orders()
    }

    /// The stream.
    public let stream: SampleResult.Stream
    /// Where its samples come from, in words.
    public let source: String
    /// The most samples that wait at once.
    public let queueCapacity: Int
    private let profiles: [CandidateProfile]
    private let idlePower: Watts
    private let waiting: @Sendable () -> Int
    private let noteGoal: @Sendable (Goal) -> Void
    private let memory: StreamMemory?
    private let state: Mutex<State>
    /// Whether the lane has something to look at, so that it need not lock to know that it has not.
    private let hasOrders = Atomic<Bool>(false)
    /// The deadline that samples are given from now on.
    let deadline: StreamDeadline
    /// How often its device came back.
    let returns = EventCount()

    /// Makes the controls of a stream that `policy` chooses for.
    ///
    /// - Parameters:
    ///   - waiting: How many samples wait; called from any thread.
    ///   - noteGoal: Takes each new goal, one at a time and in their order, from any thread; must not ask the controls.
    ///   - memory: What outlives the policy in force; nil where nothing does.
    init(
        stream: SampleResult.Stream, source: String, policy: any Policy, idlePower: Watts, queueCapacity: Int,
        waiting: @escaping @Sendable () -> Int, noteGoal: @escaping @Sendable (Goal) -> Void,
        memory: StreamMemory? = nil
    ) {
        self.stream = stream
        self.source = source
        self.queueCapacity = queueCapacity
        profiles = policy.candidates
        self.idlePower = idlePower
        self.waiting = waiting
        self.noteGoal = noteGoal
        self.memory = memory
        deadline = StreamDeadline(policy.goal.deadline)
        state = Mutex(
            State(
                goal: policy.goal, policy: policy.name, learnsFromFeedback: policy is any FeedbackPolicy,
                slowdown: policy.slowdown))
    }

    /// What the stream is to reach from the next sample on.
    public var goal: Goal { state.withLock(\.goal) }
    /// Who chooses from the next sample on.
    public var policy: String { state.withLock(\.policy) }
    /// Whether the policy in force learns from feedback.
    public var learnsFromFeedback: Bool { state.withLock(\.learnsFromFeedback) }
    /// How much slower than profiled the machine is held to be.
    public var slowdown: SlowdownEstimate { state.withLock(\.slowdown) }
    /// The names of what may be chosen.
    public var candidates: [String] { profiles.map(\.candidate.name) }
    /// How many samples wait now.
    public var queueDepth: Int { waiting() }
    /// How often its device was away and came back.
    public var reconnects: Int { returns.value }

    /// Asks for another goal, another policy, or both, from the next sample on.
    ///
    /// A new policy begins with what the one before it saw last, so that it does not meet a slow machine unprepared,
    /// and with what policies of its name learned before.
    ///
    /// - Throws: `AlertError` of code `unknownPolicy`, which lists the names, and `PipelinesError` of code `badMemory`
    ///   when what the policy once learned cannot be taken up; then nothing is changed.
    public func change(goal: Goal? = nil, policy name: String? = nil) throws {
        let wanted = goal ?? self.goal
        var policy: (any Policy)?
        if let name, name != self.policy {
            var made = try Policies.make(name, candidates: profiles, idlePower: idlePower, goal: wanted)
            // Read here, for the lane must not wait for a disk; it has the policy recall what this run learned since.
            _ = try memory?.takeUp(&made)
            policy = made
        }
        state.withLock { state in
            if let goal {
                state.goal = goal
                state.orders.goal = goal
                deadline.value = goal.deadline
                noteGoal(goal)
            }
            if let policy {
                state.policy = policy.name
                state.learnsFromFeedback = policy is any FeedbackPolicy
                state.orders.policy = policy
                // The goal it was made with may have been changed meanwhile.
                state.orders.goal = state.goal
            }
        }
        hasOrders.store(true, ordering: .releasing)
    }

    /// Says whether the newest answer was of use; said twice of one answer the later counts for nothing.
    ///
    /// - Throws: `PipelinesError` when the policy in force does not learn from it.
    public func judge(_ feedback: Feedback) throws(PipelinesError) {
        let refusal: String? = state.withLock { state in
            guard state.learnsFromFeedback else { return state.policy }
            if state.orders.feedback == nil { state.orders.feedback = feedback }
            return nil
        }
        if let refusal {
            throw PipelinesError(
                .badConfiguration,
                "\(stream.rawValue): the policy `\(refusal)` does not learn from feedback; `bandit` does")
        }
        hasOrders.store(true, ordering: .releasing)
    }

    /// Notes what the policy learned of the machine; called by the lane.
    func note(slowdown: SlowdownEstimate) { state.withLock { $0.slowdown = slowdown } }

    /// What was asked for since the last time; called by the lane.
    func takeOrders() -> Orders? {
        guard hasOrders.exchange(false, ordering: .acquiring) else { return nil }
        return state.withLock { state in
            defer { state.orders = Orders() }
            return state.orders.isEmpty ? nil : state.orders
        }
    }
}
