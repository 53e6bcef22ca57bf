import Alert
import Captions
import Foundation
import Machine
import Recordings
import Units
import Yams

extension PipelineConfiguration {
    /// The largest pipeline file that is read.
    private static let largestFile = 1 << 20

    /// Reads and checks a pipeline file (YAML).
    ///
    /// - Throws: `PipelinesError` of code `badConfiguration` whose message has one line for each problem:
    ///   file, line, key, what was expected, and the nearest correct key.
    public init(file: String) throws(PipelinesError) {
        guard let text = String(data: try readBounded(file, limit: Self.largestFile), encoding: .utf8) else {
            throw PipelinesError(.badConfiguration, "\(file): not a pipeline file (expected YAML text)")
        }
        try self.init(yaml: text, file: file)
    }

    /// Checks a pipeline file's text; `file` names it in messages.
    public init(yaml: String, file: String) throws(PipelinesError) {
        self.init()
        let problems = read(yaml: yaml, file: file)
        guard problems.isEmpty else {
            throw PipelinesError(.badConfiguration, problems.map(\.description).joined(separator: "\n"))
        }
    }

    private mutating func read(yaml: String, file: String) -> [PipelineProblem] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
            let keys = duplicates.joined(separator: ", ")
            return [
                PipelineProblem(
                    file: file, line: context.mark.line, key: keys, message: "this key stands twice; keep one")
            ]
        } catch {
            return [Self.syntaxProblem(error, file: file)]
        }
        guard let root else {
            return [PipelineProblem(file: file, line: 1, key: "", message: "the file is empty")]
        }
        var reader = MappingReader(file: file, node: root)
        read(&reader)
        let problems = reader.finished()
        let goals = goalProblems(file: file, root: root).filter { goal in
            !problems.contains { $0.key.hasPrefix(goal.key) }
        }
        return (problems + goals + sourceProblems(file: file, root: root)).sorted { $0.line < $1.line }
    }

    private mutating func read(_ reader: inout MappingReader) {
        name = reader.text("name")
        reader.section("camera") { section in
            var camera = Camera()
            camera.device = section.text("device")
            camera.size = section.size("size") ?? camera.size
            camera.rate = section.number("rate", in: 0.1...1000) ?? camera.rate
            camera.format = section.format("format")
            camera.holdsRate = section.flag("hold_rate") ?? camera.holdsRate
            self.camera = camera
        }
        reader.section("microphone") { section in
            var microphone = Microphone()
            microphone.device = section.text("device") ?? microphone.device
            microphone.rate = section.integer("rate", in: 8_000...192_000) ?? microphone.rate
            microphone.channels = section.integer("channels", in: 1...32) ?? microphone.channels
            self.microphone = microphone
        }
        reader.section("record") { section in
            let path = section.required("path", "the Matroska file to write")
            var record = Record(path: path ?? "")
            record.video = section.oneOf("video", VideoTrack.Storage.self) ?? record.video
            record.sound = section.oneOf("sound", SoundTrack.Storage.self) ?? record.sound
            record.overwrites = section.flag("overwrite") ?? record.overwrites
            if path != nil { self.record = record }
        }
        reader.section("recording") { section in
            recording.path = section.text("path")
            recording.rate = section.number("rate", in: 0.001...1000)
            recording.pace = section.oneOf("pace", Pace.self) ?? recording.pace
            recording.seed = section.integer("seed", in: 0...Int.max).map(UInt64.init) ?? recording.seed
            recording.labels = section.text("labels")
            recording.streams = section.each("streams", SampleResult.Stream.self)
        }
        reader.section("goal") { goal.read(&$0) }
        reader.section("speech") { section in
            section.section("goal") { speech.goal.read(&$0) }
            speech.language = section.text("language") ?? speech.language
            speech.reference = section.text("reference")
            speech.captions = section.texts("captions") ?? speech.captions
            section.section("hop") { section in
                speech.hops.first = section.duration("first") ?? speech.hops.first
                speech.hops.shortest = section.duration("shortest") ?? speech.hops.shortest
                speech.hops.longest = section.duration("longest") ?? speech.hops.longest
            }
        }
        policy = reader.oneOf("policy", names: Policies.names) ?? policy
        learned = reader.text("learned").map { Learned(text: $0) } ?? learned
        sharing = reader.oneOf("sharing", Sharing.self) ?? sharing
        recognizers = reader.texts("recognizers")
        reader.section("stages") { enough = $0.number("enough", in: 0...1) }
        settings.read(&reader)
        reader.section("queue") { section in
            queueCapacity = section.integer("capacity", in: 1...1024) ?? queueCapacity
        }
        reader.section("energy") { section in
            meter = section.oneOf("meter", EnergyMeters.Choice.self) ?? meter
            power.idle = section.power("idle") ?? power.idle
            power.core = section.power("core") ?? power.core
            powerBudget = section.power("budget", aboveZero: true)
        }
        reader.sections("sinks") { item in
            guard let sink = Sink(&item) else { return }
            if sinks.contains(where: { $0.name == sink.name }) {
                item.report("name", "two sinks are called `\(sink.name)`; give one another `name`")
            }
            sinks.append(sink)
        }
        reader.section("page") { section in page = Page(&section) }
        results = reader.text("results")
        summary = reader.text("summary")
    }

    /// Bounds that are fine one by one but do not go together.
    private func goalProblems(file: String, root: Node) -> [PipelineProblem] {
        let speechNode = root.mapping?[Node("speech")]
        let goals = [
            ("goal", goal, root.mapping?[Node("goal")]),
            ("speech.goal", speech.goal, speechNode?.mapping?[Node("goal")]),
        ]
        return goals.compactMap { key, goal, node in
            do {
                _ = try goal.checked()
                return nil
            } catch {
                return PipelineProblem(file: file, line: node?.mark?.line ?? 1, key: key, message: "\(error)")
            }
        }
    }

    /// A run has one timeline: devices and a recording have none in common.
    private func sourceProblems(file: String, root: Node) -> [PipelineProblem] {
        let isLive = camera != nil || microphone != nil
        if record != nil, !isLive {
            let line = root.mapping?[Node("record")]?.mark?.line ?? 1
            return [
                PipelineProblem(
                    file: file, line: line, key: "record",
                    message: "only devices are recorded; add `camera:` or `microphone:`, or remove it")
            ]
        }
        guard recording.path != nil, isLive else { return [] }
        let line = root.mapping?[Node("recording")]?.mapping?[Node("path")]?.mark?.line ?? 1
        return [
            PipelineProblem(
                file: file, line: line, key: "recording.path",
                message: "a recording is replayed, or devices are used, not both; remove one of them")
        ]
    }

    private static func syntaxProblem(_ error: any Error, file: String) -> PipelineProblem {
        guard let error = error as? YamlError else {
            return PipelineProblem(file: file, line: 1, key: "", message: "not readable as YAML: \(error)")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return PipelineProblem(file: file, line: mark.line, key: "", message: "not valid YAML: \(problem)")
        default:
            return PipelineProblem(file: file, line: 1, key: "", message: "not valid YAML: \(error)")
        }
    }
}

extension PipelineConfiguration.Goal {
    fileprivate mutating func read(_ section: inout MappingReader) {
        deadline = section.duration("deadline") ?? deadline
        minimize = section.oneOf("minimize", PipelineConfiguration.Minimize.self) ?? minimize
        energy = section.energy("energy")
        accuracy = section.number("accuracy", in: 0...1)
        confidence = section.number("confidence", in: 0...1) ?? confidence
    }
}
