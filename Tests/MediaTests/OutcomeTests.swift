import Foundation
import Media
import Testing

struct OutcomeTests {
    @Test func countsAddUp() {
        var counts = OutcomeCounts()
        for (index, outcome) in Outcome.allCases.enumerated() { counts[outcome] += index + 1 }
        #expect(counts.total == 21)
        #expect(counts[.met] == 1)
        #expect(counts[.failed] == 6)
    }

    @Test func countsEncodeAsAnObjectWhoseKeysAreTheOutcomes() throws {
        var counts = OutcomeCounts()
        counts[.late] = 3
        let data = try JSONEncoder().encode(counts)
        let object = try JSONDecoder().decode([String: Int].self, from: data)
        #expect(Set(object.keys) == Set(Outcome.allCases.map(\.rawValue)))
        #expect(object["late"] == 3)
        #expect(try JSONDecoder().decode(OutcomeCounts.self, from: data) == counts)
    }
}
