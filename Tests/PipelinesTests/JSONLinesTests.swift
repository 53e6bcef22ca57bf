import Foundation
import Media
import Recognition
import Recordings
import Testing

@testable import Pipelines

struct JSONLinesTests {
    private let full = SampleResult(
        stream: .frames, sequence: 7, file: "a \"b\"\\c\n\u{1}/ü.jpg", capturedNanoseconds: .max,
        timeQuality: .scheduled,
        deadlineMilliseconds: 33.3333, outcome: .met, label: "espresso", score: 0.1,
        top: [
            Classification(classIndex: 967, label: "espresso", score: 0.1),
            Classification(classIndex: 0, label: "tench", score: 1e-7),
        ],
        truth: TrueLabel(classIndex: 967, name: "espresso"), candidate: "lite0@cpu-1t", fallback: "cuda: no driver",
        predictedMilliseconds: 3.5,
        predictedProbability: 0.97, inferenceMilliseconds: 4, latencyMilliseconds: 5.25, schedulerMicroseconds: 0.5,
        slowdown: 1.01, energyJoules: 0.2, energySource: "estimated", reason: "because")

    private func parsed(_ result: SampleResult) throws -> [String: Any] {
        var line = JSONLine()
        result.write(to: &line)
        #expect(line.bytes.last == UInt8(ascii: "\n"))
        #expect(!line.bytes.dropLast().contains(UInt8(ascii: "\n")))
        return try #require(try JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: Any])
    }

    @Test func everyFieldComesBackAsItWas() throws {
        let keys = try parsed(full)
        #expect(keys.count == 22)
        #expect(keys["sequence"] as? Int == 7)
        #expect(keys["file"] as? String == full.file)
        #expect(keys["captured_ns"] as? Int64 == .max)
        #expect(keys["deadline_ms"] as? Double == 33.3333)
        #expect(keys["outcome"] as? String == "met")
        #expect((keys["score"] as? NSNumber)?.floatValue == 0.1)
        let top = try #require(keys["top"] as? [[String: Any]])
        #expect(top.map { $0["class"] as? Int } == [967, 0])
        #expect((top[1]["score"] as? NSNumber)?.floatValue == 1e-7)
        #expect((keys["truth"] as? [String: Any])?["name"] as? String == "espresso")
        #expect(keys["fallback"] as? String == "cuda: no driver")
        #expect(keys["energy_j"] as? Double == 0.2)
        #expect(keys["reason"] as? String == "because")
    }

    @Test func whatHasNoValueIsLeftOut() throws {
        let keys = try parsed(
            SampleResult(
                stream: .frames, sequence: 0, capturedNanoseconds: 1, timeQuality: .scheduled, deadlineMilliseconds: 1,
                outcome: .superseded, slowdown: .infinity, reason: ""))
        #expect(
            Set(keys.keys) == ["stream", "sequence", "captured_ns", "time_quality", "deadline_ms", "outcome", "reason"])
    }

    @Test func aLineIsTheSameWhateverCameBeforeIt() {
        var used = JSONLine()
        full.write(to: &used)
        full.write(to: &used)
        var fresh = JSONLine()
        full.write(to: &fresh)
        #expect(used.bytes == fresh.bytes)
    }

    @Test func everyControlCharacterAndAnyTextSurvives() throws {
        var result = full
        result.reason = String(String.UnicodeScalarView((0...0x2FF).compactMap(Unicode.Scalar.init))) + "🎥\u{2028}"
        #expect(try parsed(result)["reason"] as? String == result.reason)
    }
}
