public import Alert
import Synchronization

/// What the policies of one stream learn and what outlives them: it goes from a policy to the next of its name in the
/// same run, and from run to run where there is a place for it.
///
/// The lane and whoever changes its policy use it at once; only those who may wait for a disk touch files.
public final class StreamMemory: Sendable {
    private struct Known {
        var memory: PolicyMemory
        /// Whether it was learned in this run, so that no file has it yet.
        var isNew: Bool
    }

    private struct State {
        /// The newest last, each policy's and goal's once.
        var known: [Known] = []
        /// The policies whose files were read.
        var read: Set<String> = []

        func has(_ memory: PolicyMemory) -> Bool { known.contains { $0.memory.isReplaced(by: memory) } }
    }

    private let stream: SampleResult.Stream
    private let place: LearnedPlace
    private let state = Mutex(State())

    /// What the policies of a stream learn, kept in `place`.
    public init(of stream: SampleResult.Stream, in place: LearnedPlace = .nowhere) {
        self.stream = stream
        self.place = place
    }

    /// Has a policy go on from what those of its name learned; reads their file the first time.
    ///
    /// - Returns: What to tell a person of it, if there is anything: what the policy goes on from, or why it starts
    ///   anew.
    /// - Throws: `PipelinesError` of code `badMemory` when what is there cannot be used, or nothing can be kept there.
    public func takeUp(_ policy: inout any Policy) throws(PipelinesError) -> String? {
        guard let path = place.path(of: policy.name, stream) else {
            recall(&policy)
            return nil
        }
        guard var learner = policy as? any RememberingPolicy else {
            guard case .file = place else { return nil }
            return "\(stream.rawValue): \(policy.name) learns nothing that could be kept in \(path)"
        }
        let file = LearnedFile(path: path)
        try read(file, of: policy.name)
        let known = state.withLock { $0.known.map(\.memory).filter { $0.policy == learner.name } }
        let start = "\(stream.rawValue): \(learner.name) starts anew"
        guard let memory = known.first(where: { $0.goal == learner.learnsFor }) else {
            guard known.isEmpty else { return "\(start): what it learned before was for another goal: \(path)" }
            return "\(start), and keeps what it learns in \(path)"
        }
        let lessons: Int
        do { lessons = try learner.recall(memory) } catch { throw file.unusable(error.message, cause: error) }
        policy = learner
        guard lessons > 0 else { return "\(start): what it learned before was of other candidates: \(path)" }
        let words = type(of: learner).lesson
        let what = "\(lessons) \(lessons == 1 ? words.singular : words.plural)"
        let purpose = memory.goal == nil ? "" : " learned for this goal"
        return "\(stream.rawValue): \(learner.name) goes on from \(what)\(purpose): \(path)"
    }

    /// Has a policy go on from what those of its name learned, as far as that is known; touches no file.
    func recall(_ policy: inout any Policy) {
        guard var learner = policy as? any RememberingPolicy else { return }
        let known = state.withLock { state in
            state.known.map(\.memory).first { $0.policy == learner.name && $0.goal == learner.learnsFor }
        }
        // One that has learned nothing else meanwhile goes on as it is. What cannot be recalled is of no worth, so that
        // the policy, which knows nothing yet, may begin anew.
        guard let known, known != learner.memory, (try? learner.recall(known)) != nil else { return }
        policy = learner
    }

    /// Takes in what a policy has learned, before it goes.
    func keep(_ policy: any Policy) {
        guard let memory = (policy as? any RememberingPolicy)?.memory, memory.lessons > 0 else { return }
        state.withLock { state in
            guard !state.known.contains(where: { $0.memory == memory }) else { return }
            state.known.removeAll { $0.memory.isReplaced(by: memory) }
            state.known = (state.known + [Known(memory: memory, isNew: true)]).suffix(LearnedFile.capacity)
        }
    }

    /// Writes what this run's policies learned to where it is kept.
    ///
    /// One file that cannot be written holds up no other.
    ///
    /// - Returns: What was kept where, a line a file; and the first failure, of code `badMemory`: where a file could not
    ///   be written what was there before still is.
    public func save() -> (lines: [String], failure: PipelinesError?) {
        let learned = state.withLock { $0.known.filter(\.isNew).map(\.memory) }
        var lines: [String] = []
        var failure: PipelinesError?
        for policy in learned.map(\.policy).withoutRepeats() {
            guard let path = place.path(of: policy, stream) else { continue }
            let own = learned.filter { $0.policy == policy }
            do throws(PipelinesError) {
                try LearnedFile(path: path).add(own.map { LearnedFile.Entry(stream: stream, memory: $0) })
                lines.append("\(policy) of \(stream.rawValue), in \(path)")
            } catch {
                failure = failure ?? error
            }
        }
        return (lines, failure)
    }

    /// Reads a policy's file, once; what this run learned is newer.
    private func read(_ file: LearnedFile, of policy: String) throws(PipelinesError) {
        guard !state.withLock({ $0.read.contains(policy) }) else { return }
        let isOwnFolder = if case .folder = place { true } else { false }
        let entries = try file.load()
        try file.prepare(makingFolder: isOwnFolder)
        let found = entries.filter { $0.stream == stream && $0.memory.policy == policy }.map(\.memory)
        state.withLock { state in
            guard state.read.insert(policy).inserted else { return }
            let older = found.filter { !state.has($0) }.map { Known(memory: $0, isNew: false) }
            state.known = (older + state.known).suffix(LearnedFile.capacity)
        }
    }
}
