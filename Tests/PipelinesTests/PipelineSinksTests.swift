import Captions
import Foundation
import Logging
import Media
import Sinks
import Testing

@testable import Pipelines

struct PipelineSinksTests {
    private func sinks(_ yaml: String) throws(PipelinesError) -> [PipelineConfiguration.Sink] {
        try PipelineConfiguration(yaml: yaml, file: "x.yaml").sinks
    }

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try sinks(yaml)
            return []
        } catch {
            return error.message.split(separator: "\n").map(String.init)
        }
    }

    @Test func everyKindIsRead() throws {
        let sinks = try sinks(
            """
            sinks:
              - jsonl: { path: a.jsonl, size: 1 MiB, files: 3 }
              - captions: { path: a.vtt }
              - command: { run: [program, argument], timeout: 2s }
              - webhook: { url: "https://example.org/a", batch: 10, timeout: 1s, token: { env: TOKEN }, ca: ca.pem }
                name: cats
                filter: { stream: frames, label: [tabby, lynx], score: 0.5, outcome: met }
                spool: { path: waiting, size: 1 MiB }
              - mqtt: { url: "mqtts://broker", topic: a/b, qos: 2, retain: true, user: me, password: { file: p } }
                filter: { words: [good morning], kind: final }
            """)
        #expect(sinks.map(\.name) == ["jsonl", "captions", "command", "cats", "mqtt"])
        #expect(sinks[0].kind == .lines(path: "a.jsonl", .init(size: 1 << 20, files: 3)))
        #expect(sinks[1].captions == "a.vtt")
        #expect(sinks[2].kind == .command(["program", "argument"], timeout: .seconds(2)))
        guard case .webhook(let webhook) = sinks[3].kind, case .mqtt(let mqtt, nil) = sinks[4].kind else {
            Issue.record("not what was asked for")
            return
        }
        #expect(webhook.batch == 10 && webhook.token == .variable("TOKEN") && webhook.authority == "ca.pem")
        #expect(sinks[3].filter.labels == ["tabby", "lynx"] && sinks[3].filter.outcomes == [.met])
        #expect(sinks[3].spoolPath == "waiting" && sinks[3].spoolSize == 1 << 20)
        #expect(mqtt.isEncrypted && mqtt.port == 8883 && mqtt.quality == 2 && mqtt.retains)
        #expect(mqtt.password == .file("p"))
        #expect(sinks[4].filter.kinds == [.final])
    }

    @Test(arguments: [
        ("sinks:\n  - jsnl: { path: a }", "unknown key; did you mean `jsonl`?"),
        (
            "sinks:\n  - name: a",
            "sinks[0]: expected one of jsonl, captions, command, webhook, mqtt in each sink, found 0"
        ),
        ("sinks:\n  - captions: { path: a.doc }", "captions are written as txt, vtt or srt"),
        ("sinks:\n  - command: {}", "sinks[0].command.run: is missing"),
        ("sinks:\n  - mqtt: { url: 'mqtt://a' }\n  - mqtt: { url: 'mqtt://b' }", "two sinks are called `mqtt`"),
        ("sinks:\n  - mqtt: { url: 'mqtt://me:topsecret@a' }", "without a user or password in it"),
        ("sinks:\n  - mqtt: { url: 'mqtt://a:99999' }", "the port from 1 to 65535"),
        ("sinks:\n  - webhook: { url: 'http://a:99999/' }", "a port up to 65535"),
        ("sinks:\n  - webhook: { url: 'http://me:topsecret@a/' }", "without a user or password (see `token`)"),
        ("sinks:\n  - webhook: { url: 'http://a', token: topsecret }", "expected keys and values here"),
        ("sinks:\n  - webhook: { url: 'http://a', token: {} }", "secrets are not written here"),
        ("sinks:\n  - jsonl: { path: a }\n    spool: { size: 1 MiB }", "a file needs none; remove it"),
        ("sinks:\n  - jsonl: { path: a }\n    filter: { outcome: mett }", "did you mean `met`?"),
        ("sinks: { jsonl: a }", "expected a list, an item for each"),
    ]) func aMistakeIsSaid(yaml: String, words: String) {
        let problems = problems(yaml)
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
        #expect(problems.allSatisfy { $0.hasPrefix("x.yaml:") && !$0.contains("topsecret") })
    }

    @Test func aMistakeNamesItsLine() {
        #expect(
            problems("sinks:\n  - jsonl:\n      path: a\n      files: 0\n")
                == ["x.yaml:4: sinks[0].jsonl.files: expected a whole number from 1 to 1000, found `0`"])
    }

    @Test func whatWaitsForOneAddressIsNotSentToAnother() {
        func place(_ url: String) -> String {
            SpoolPlace.path(for: .init(name: "webhook", kind: .webhook(.init(url: url))))
        }
        #expect(place("http://a") != place("http://b"))
        #expect(place("http://a") == place("http://a"))
        #expect(place("http://a").contains("/heed/spool/webhook-"))
    }
}

struct ResultFilterTests {
    private func frame(_ label: String?, _ score: Float?, _ outcome: Outcome = .met) -> SampleResult {
        SampleResult(
            stream: .frames, sequence: 0, capturedNanoseconds: 0, timeQuality: .device, deadlineMilliseconds: 1,
            outcome: outcome, label: label, score: score, reason: "")
    }

    private func speech(_ kind: SpeechResult.Kind, committed: [String] = [], text: String? = nil) -> SampleResult {
        var heard = SpeechResult(kind: kind, utterance: 0, start: .zero, end: .seconds(1), heard: .seconds(1))
        heard.committed = committed.map { Word($0, start: .zero, end: .seconds(1), isApproximate: false) }
        heard.text = text
        var result = frame(nil, nil)
        result.stream = .speech
        result.speech = heard
        return result
    }

    @Test func everyConditionMustBeMet() {
        var filter = ResultFilter()
        #expect(filter.admits(frame(nil, nil, .lost)))
        filter.labels = ["Tabby", "lynx"]
        filter.score = 0.5
        filter.outcomes = [.met]
        #expect(filter.admits(frame("tabby", 0.5)))
        #expect(!filter.admits(frame("tabby", 0.49)))
        #expect(!filter.admits(frame("tabby cat", 0.9)))
        #expect(!filter.admits(frame("tabby", 0.9, .late)))
        #expect(!filter.admits(frame(nil, nil)))
        filter.streams = [.speech]
        #expect(!filter.admits(frame("tabby", 0.9)))
    }

    @Test func wordsAreWholeAndPhrasesWork() {
        var filter = ResultFilter()
        filter.words = ["good morning", "help"]
        #expect(filter.admits(speech(.final, text: "Well, GOOD morning!")))
        #expect(filter.admits(speech(.partial, committed: ["Help,"])))
        #expect(!filter.admits(speech(.final, text: "A helper, good. Evening, morning")))
        #expect(!filter.admits(frame("help", 1)))
        filter.kinds = [.final]
        #expect(!filter.admits(speech(.partial, committed: ["help"])))
    }
}

struct DeliverySinkTests {
    private let scratch: String

    init() throws {
        scratch = NSTemporaryDirectory() + "heed-sink-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    }

    private func result(_ number: Int) -> SampleResult {
        let start = Duration.seconds(number * 5)
        var heard = SpeechResult(
            kind: .final, utterance: number, start: start, end: start + .seconds(2), heard: start + .seconds(2))
        heard.committed = [Word("word\(number)", start: start, end: start + .seconds(1), isApproximate: false)]
        return SampleResult(
            stream: .speech, sequence: number, capturedNanoseconds: 0, timeQuality: .device, deadlineMilliseconds: 1,
            outcome: .met, speech: heard, reason: "")
    }

    @Test(arguments: ["vtt", "srt"]) func captionFilesCanBePlayedAtAnyMoment(ending: String) throws {
        let path = "\(scratch)/talk.\(ending)"
        let sink = try DeliverySink(
            .init(name: "captions", kind: .captions(path: path)), pipeline: nil, logger: Logger(label: "test"))
        for number in 0..<20 {
            sink.receive(result(number))
            guard number.isMultiple(of: 7), number > 0 else { continue }
            // Whatever has reached the file by now, a player reads it.
            let end = ContinuousClock.now + .seconds(60)
            while (try? String(contentsOfFile: path, encoding: .utf8))?.contains("word") != true, .now < end {}
            let read = try cues(path)
            #expect(read.count >= 1 && read == Array(0..<read.count).map { "word\($0)" })
        }
        sink.finish()
        #expect(try cues(path) == (0..<20).map { "word\($0)" })
        #expect(sink.report == SinkReport(name: "captions", sent: 20, waiting: 0, dropped: 0, taken: 20))
    }

    @Test func aRunLostAllOnlyWhereItHandedOverSomething() {
        // Of a run before, one was damaged; this run had nothing to send.
        #expect(!SinkReport(name: "a", sent: 0, waiting: 0, dropped: 1, taken: 0).lostAll)
        #expect(SinkReport(name: "a", sent: 0, waiting: 0, dropped: 3, taken: 2).lostAll)
        #expect(!SinkReport(name: "a", sent: 1, waiting: 0, dropped: 1, taken: 2).lostAll)
    }

    /// The texts of the cues, as FFmpeg reads them.
    private func cues(_ path: String) throws -> [String] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-v", "error", "-i", path, "-f", "srt", "-"]
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("word") }
    }

    @Test func onlyWhatTheFilterAdmitsIsSent() throws {
        let path = "\(scratch)/r.jsonl"
        var configuration = PipelineConfiguration.Sink(
            name: "lines", kind: .lines(path: path, .init(size: 1 << 20, files: 2)))
        configuration.filter.words = ["word3"]
        let sink = try DeliverySink(configuration, pipeline: nil, logger: Logger(label: "test"))
        for number in 0..<10 { sink.receive(result(number)) }
        sink.finish()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("}\n") && text.split(separator: "\n").count == 1 && text.contains("\"sequence\":3"))
    }

    @Test func homeAssistantFindsTwoSensors() throws {
        let made = HomeAssistant.announcements(
            prefix: "homeassistant", topic: "heed/desk", availability: "heed/desk/availability", device: "desk")
        #expect(
            made.map(\.topic) == [
                "homeassistant/sensor/heed_desk/frames/config", "homeassistant/sensor/heed_desk/speech/config",
            ])
        for message in made {
            let keys = try #require(
                try JSONSerialization.jsonObject(with: Data(message.body.utf8)) as? [String: Any])
            #expect(keys["availability_topic"] as? String == "heed/desk/availability")
            #expect((keys["device"] as? [String: String])?["identifiers"] == "heed_desk")
        }
        #expect(made[0].body.contains("\"state_topic\":\"heed/desk/frames\""))
    }
}
