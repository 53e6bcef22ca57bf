import Alert
import Foundation
import Glibc
import Media
import Recognition
import Testing
import Units

@testable import Pipelines

/// What policies learn from one run to the next, and from one policy to the next in a run.
struct StreamMemoryTests {
    static let candidates = [10, 20].enumerated().map { index, time in
        CandidateProfile(
            candidate: Candidate(recognizer: "r\(index)", setting: Setting(threads: 1)),
            time: TimeStatistics(samples: [.milliseconds(time)]), power: Watts(5), accuracy: 0.8 + 0.1 * Double(index))
    }

    private let folder: TemporaryFolder
    private let goal: Goal

    init() throws {
        folder = try TemporaryFolder()
        goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
    }

    private var path: String { folder.path + "/autoscale-frames.json" }

    private func make(_ name: String = "autoscale", goal: Goal? = nil) throws -> any Policy {
        try Policies.make(name, candidates: Self.candidates, idlePower: Watts(1), goal: goal ?? self.goal)
    }

    static func teach(_ policy: inout any Policy, _ count: Int = 20) {
        for _ in 0..<count {
            guard let decision = policy.decide(DecisionRequest(timeLeft: .milliseconds(100))) else { continue }
            policy.observe(Observation(candidate: decision.candidate, time: decision.prediction.time))
        }
    }

    /// What was kept, where all of it was.
    static func saved(_ memory: StreamMemory) throws -> [String] {
        let (lines, failure) = memory.save()
        if let failure { throw failure }
        return lines
    }

    static func lessons(of policy: any Policy) -> Int { (policy as? any RememberingPolicy)?.memory.lessons ?? -1 }

    /// A run: takes up what is there, learns, keeps it.
    @discardableResult
    private func run(
        _ place: LearnedPlace? = nil, of stream: SampleResult.Stream = .frames, goal: Goal? = nil
    ) throws -> (beginning: String?, end: [String], lessons: Int) {
        let memory = StreamMemory(of: stream, in: place ?? .folder(folder.path))
        var policy = try make(goal: goal)
        let beginning = try memory.takeUp(&policy)
        Self.teach(&policy)
        memory.keep(policy)
        return (beginning, try Self.saved(memory), Self.lessons(of: policy))
    }

    private func failure(_ body: () throws -> Void) throws -> PipelinesError {
        try #require(throws: PipelinesError.self, performing: body)
    }

    @Test func `A run goes on from what the one before it learned`() throws {
        let first = try run()
        #expect(first.beginning == "frames: autoscale starts anew, and keeps what it learns in \(path)")
        #expect(first.end == ["autoscale of frames, in \(path)"])
        #expect(first.lessons == 19, "the last one's reward waits for the state it leads to")
        let second = try run()
        #expect(second.beginning == "frames: autoscale goes on from 19 inferences learned for this goal: \(path)")
        #expect(second.lessons == 38)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["autoscale-frames.json"])
    }

    @Test func `Each goal has its own, and another goal starts anew beside it`() throws {
        try run()
        let other = try Goal(deadline: .milliseconds(50), objective: .minimizeError(energy: nil))
        let second = try run(goal: other)
        #expect(second.beginning?.contains("starts anew: what it learned before was for another goal") == true)
        #expect(try run().beginning?.contains("goes on from 19") == true)
        #expect(try run(goal: other).beginning?.contains("goes on from \(second.lessons)") == true)
    }

    @Test func `A file holds so many goals; the oldest goes`() throws {
        for milliseconds in 1...LearnedFile.capacity + 1 {
            try run(goal: try Goal(deadline: .milliseconds(100 * milliseconds), objective: .minimizeError(energy: nil)))
        }
        #expect(try LearnedFile(path: path).load().count == LearnedFile.capacity)
        #expect(try run().beginning?.contains("starts anew") == true)
    }

    @Test func `One file can hold all streams and policies`() throws {
        let place = LearnedPlace.file(folder.path + "/all.json")
        try run(place)
        try run(place, of: .speech)
        let memory = StreamMemory(of: .frames, in: place)
        var bandit = try make("bandit")
        #expect(try memory.takeUp(&bandit)?.contains("starts anew") == true)
        Self.teach(&bandit, 1)
        try judge(&bandit)
        memory.keep(bandit)
        #expect(try Self.saved(memory).count == 1)
        #expect(try run(place).beginning?.contains("goes on from 19") == true)
        #expect(try run(place, of: .speech).beginning?.contains("goes on from 19") == true)
        var again = try make("bandit")
        let line = try StreamMemory(of: .frames, in: place).takeUp(&again)
        #expect(line?.contains("bandit goes on from 1 judged answer: ") == true)
    }

    @Test func `A file that cannot be written holds up no other`() throws {
        let memory = StreamMemory(of: .frames, in: .folder(folder.path))
        var (autoscale, bandit) = (try make(), try make("bandit"))
        for policy in [autoscale, bandit] {
            var policy = policy
            _ = try memory.takeUp(&policy)
        }
        Self.teach(&autoscale)
        Self.teach(&bandit, 1)
        try judge(&bandit)
        memory.keep(autoscale)
        memory.keep(bandit)
        try folder.write("nonsense", to: "autoscale-frames.json")
        let (lines, failure) = memory.save()
        #expect(lines == ["bandit of frames, in \(folder.path)/bandit-frames.json"])
        #expect(failure?.message.hasPrefix(path) == true)
    }

    @Test func `Who may read a file stays as it was`() throws {
        try run()
        try #require(chmod(path, 0o600) == 0)
        try run()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    private func judge(_ policy: inout any Policy) throws {
        var learner = try #require(policy as? any FeedbackPolicy)
        learner.learn(.bad)
        policy = learner
    }

    @Test func `What nobody learned is not kept, nor is anything kept nowhere`() throws {
        let memory = StreamMemory(of: .frames, in: .folder(folder.path))
        var policy = try make("bandit")
        _ = try memory.takeUp(&policy)
        Self.teach(&policy)
        memory.keep(policy)
        #expect(try Self.saved(memory).isEmpty)
        let nowhere = try run(.nowhere)
        #expect(nowhere.beginning == nil && nowhere.end.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `A policy that learns nothing to keep says so where a file was named`() throws {
        var policy = try make("alert")
        let line = try StreamMemory(of: .frames, in: .file(path)).takeUp(&policy)
        #expect(line == "frames: alert learns nothing that could be kept in \(path)")
        #expect(try StreamMemory(of: .frames, in: .folder(folder.path)).takeUp(&policy) == nil)
    }

    @Test(arguments: [
        "", "{}", "[]", "nonsense", #"{"format":"heed-learned/2","learned":[]}"#, #"{"format":"heed-learned/1"}"#,
        #"{"format":"heed-learned/1","learned":[{"stream":"frames","memory":{}}]}"#,
    ])
    func `A file that is none is an error that names it and says what to do`(text: String) throws {
        try folder.write(text, to: "autoscale-frames.json")
        let error = try failure { try run() }
        #expect(error.code == .badMemory)
        #expect(error.message.hasPrefix(path) && error.message.contains("remove it to learn anew"), "\(error.message)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `Damaged figures in a file are an error, and the file stays as it was`() throws {
        try run()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for (old, new) in [
            (#""visits":["#, #""visits":[1,"#), ("autoscale/1", "autoscale/9"), (#""values":[0"#, #""values":[1e999"#),
            (#""lessons":19"#, #""lessons":-19"#),
        ] {
            let damaged = text.replacingOccurrences(of: old, with: new)
            try #require(damaged != text)
            try folder.write(damaged, to: "autoscale-frames.json")
            let error = try failure { try run() }
            #expect(error.code == .badMemory && error.message.hasPrefix(path), "\(error.message)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == damaged)
        }
    }

    @Test func `An over-long file, a folder and a pipe are refused at once`() throws {
        try #require(truncate(path, 0) != 0 && FileManager.default.createFile(atPath: path, contents: nil))
        try #require(truncate(path, 17 << 20) == 0)
        #expect(try failure { try run() }.message.contains("larger than 16 MiB"))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(try failure { try run() }.message.contains("is a folder"))
        try FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
        #expect(try failure { try run() }.message.contains("no regular file"))
    }

    @Test func `A folder that takes no files is an error before anything is learned`() throws {
        let place = LearnedPlace.file(folder.path + "/not/there/learned.json")
        let error = try failure { try run(place) }
        #expect(error.code == .badMemory)
        #expect(error.message.contains("cannot be kept here"), "\(error.message)")
        #expect(error.message.contains("--learned"))
    }

    @Test func `heed's own folder is made`() throws {
        try run(.folder(folder.path + "/made/by/heed"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/made/by/heed/autoscale-frames.json"))
    }

    @Test func `A link is followed, so that what it leads to is replaced`() throws {
        try folder.write("", to: "elsewhere/none")
        let (link, target) = (folder.path + "/link.json", folder.path + "/elsewhere/learned.json")
        try run(.file(target))
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try run(.file(link)).beginning?.contains("goes on from 19") == true)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        #expect(try run(.file(target)).beginning?.contains("goes on from 38") == true)
    }

    @Test func `A full disk keeps the old file, and is one error`() async {
        await #expect(processExitsWith: .success) {
            let tests = try StreamMemoryTests()
            try tests.run()
            let before = try String(contentsOfFile: tests.path, encoding: .utf8)
            // A file can grow no further than this, as on a disk that is full.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100, rlim_max: 100)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let error = try tests.failure { try tests.run() }
            #expect(error.code == .badMemory)
            #expect(error.message.contains("What was learned is not kept, what was there before still is"))
            #expect(try String(contentsOfFile: tests.path, encoding: .utf8) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: tests.folder.path).count == 1)
        }
    }

    @Test func `Where runs are to repeat themselves nothing is kept unless a file is named`() {
        #expect(LearnedPlace(.auto, isRepeatable: true) == .nowhere)
        #expect(LearnedPlace(.auto, isRepeatable: false) == .folder(DataFolder.learned))
        #expect(LearnedPlace(.none, isRepeatable: false) == .nowhere)
        #expect(LearnedPlace(.file("a"), isRepeatable: true) == .file("a"))
    }
}
