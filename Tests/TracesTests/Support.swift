import Alert
import Foundation
import Units

@testable import Traces

/// A folder that goes with the test.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "heed-traces-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

extension TimeStatistics {
    /// Times that never vary.
    init(always milliseconds: Double) { self.init(samples: [.nanoseconds(Int64(milliseconds * 1e6))]) }
}

extension CandidateProfile {
    /// A candidate whose stages take these milliseconds and have these accuracies; one answers once.
    init(_ name: String, _ stages: [(milliseconds: Double, accuracy: Double)], watts: Double) {
        let profiles = stages.map { StageProfile(time: TimeStatistics(always: $0.milliseconds), accuracy: $0.accuracy) }
        self.init(
            candidate: Candidate(recognizer: name, setting: Setting(threads: 1)),
            time: profiles[profiles.count - 1].time,
            power: Watts(watts), accuracy: profiles[profiles.count - 1].accuracy,
            stages: profiles.count > 1 ? profiles : [])
    }
}

extension TraceHeader {
    init(_ candidates: [CandidateProfile], idleWatts: Double = 2, hasConfidence: Bool = false) {
        self.init(
            origin: .measured, environment: "idle", seed: 5, source: "test", hasConfidence: hasConfidence,
            profile: Profile(
                machine: ["cpu": "none"], models: ["a": "00"], energySource: "estimated", idlePower: Watts(idleWatts),
                candidates: candidates))
    }
}

extension Trace {
    /// A trace of anything that may be: up to 6 candidates of up to 4 stages, times around what is profiled.
    static func random(samples: Int, using generator: inout SeededGenerator) throws -> Trace {
        let count = 1 + Int(generator.share() * 6)
        let candidates = (0..<count).map { index -> CandidateProfile in
            let stages = generator.share() < 0.5 ? 1 : 2 + Int(generator.share() * 3)
            var (time, accuracy) = (5 + 30 * generator.share(), 0.3 + 0.4 * generator.share())
            let list = (0..<stages).map { _ in
                let stage = (milliseconds: time, accuracy: accuracy)
                time *= 1.2 + generator.share()
                accuracy += 0.05 * generator.share()
                return stage
            }
            return CandidateProfile("r\(index)", list, watts: 5 + 20 * generator.share())
        }
        let header = TraceHeader(candidates, hasConfidence: generator.share() < 0.5)
        let samples = (0..<samples).map { _ in
            let slowdown = 0.8 + generator.share()
            return Sample(
                idlePower: Watts(1 + 2 * generator.share()), size: 0.5 + generator.share(),
                preparation: .init(time: 0.004 * generator.share(), energy: 0.01 * generator.share()),
                answers: candidates.map { candidate in
                    let stages = candidate.isAnytime ? candidate.stages.map(\.time.mean) : [candidate.time.mean]
                    let own = slowdown * (0.9 + 0.2 * generator.share())
                    return stages.map { milliseconds in
                        let time = milliseconds * 1e-3 * own
                        return Answer(
                            time: time, energy: time * candidate.power.value,
                            quality: generator.share() < 0.7 ? 1 : 0,
                            confidence: header.hasConfidence ? generator.share() : nil)
                    }
                })
        }
        return try Trace(header: header, samples: samples)
    }
}

extension Array {
    func chosen(using generator: inout SeededGenerator) -> Element { self[Int(generator.share() * Double(count))] }
}
