import Alert
import Foundation
import Machine
import Pipelines
import Recognition
import Testing

/// The schema that editors use must say what the reader accepts.
struct PipelineSchemaTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("pipelines")

    private func schema() throws -> [String: Any] {
        let data = try Data(contentsOf: Self.folder.appendingPathComponent("pipeline.schema.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func everyReadyMadePipelineIsValid() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(!files.isEmpty)
        for file in files {
            #expect(throws: Never.self) {
                try PipelineConfiguration(file: Self.folder.appendingPathComponent(file).path)
            }
        }
    }

    @Test func everyKeyOfTheSchemaIsKnownToTheReader() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        for (name, property) in properties {
            let inner = property["properties"] as? [String: Any] ?? [:]
            // A value of the wrong kind is a problem too, but not one of an unknown key.
            let yaml = inner.isEmpty ? "\(name): []\n" : "\(name):\n" + inner.keys.map { "  \($0): []\n" }.joined()
            #expect(!unknownKeys(in: yaml), "\(name)")
        }
    }

    @Test func everyKeyOfTheReaderIsInTheSchema() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        #expect(Set(properties.keys) == Set(knownKeys(in: "?: 1\n")))
        for (name, property) in properties {
            guard let inner = property["properties"] as? [String: Any] else { continue }
            #expect(Set(inner.keys) == Set(knownKeys(in: "\(name): { '?': 1 }\n")), "\(name)")
        }
    }

    @Test func thePoliciesOfTheSchemaAreThoseOfTheLibrary() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        let names = try #require(properties["policy"]?["enum"] as? [String])
        #expect(Set(names) == Set(Policies.names))
    }

    @Test func theMetersOfTheSchemaAreThoseOfTheReader() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        let energy = try #require(properties["energy"]?["properties"] as? [String: [String: Any]])
        #expect(energy["meter"]?["enum"] as? [String] == EnergyMeters.Choice.allCases.map(\.rawValue))
    }

    @Test func thePacesOfTheSchemaAreThoseOfTheReader() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        let recording = try #require(properties["recording"]?["properties"] as? [String: [String: Any]])
        #expect(recording["pace"]?["enum"] as? [String] == PipelineConfiguration.Pace.allCases.map(\.rawValue))
    }

    @Test func theWaysOfSharingOfTheSchemaAreThoseOfTheReader() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        let ways = PipelineConfiguration.Sharing.allCases.map(\.rawValue)
        #expect(properties["sharing"]?["enum"] as? [String] == ways)
    }

    @Test func theProcessorsAndPrecisionsOfTheSchemaAreThoseOfTheLibrary() throws {
        let definitions = try #require(try schema()["definitions"] as? [String: [String: Any]])
        #expect(definitions["processor"]?["enum"] as? [String] == Processor.allCases.map(\.rawValue))
        #expect(definitions["precision"]?["enum"] as? [String] == Precision.allCases.map(\.rawValue))
    }

    private func problems(_ yaml: String) -> String {
        do {
            _ = try PipelineConfiguration(yaml: yaml, file: "x.yaml")
            return ""
        } catch {
            return error.message
        }
    }

    private func unknownKeys(in yaml: String) -> Bool { problems(yaml).contains("unknown key") }

    /// The keys that the reader lists when it meets one like no other.
    private func knownKeys(in yaml: String) -> [String] {
        guard let list = problems(yaml).split(separator: "known here: ").last else { return [] }
        return list.split(separator: "\n")[0].components(separatedBy: ", ")
    }
}
