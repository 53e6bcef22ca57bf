import Foundation

/// Times gathered in a few kilobytes, with percentiles good to one percent: cheap to copy, so that whoever reads holds
/// up nobody who writes.
struct TimeSketch: Sendable {
    /// From one cell's lower bound to the next one's.
    private static let ratio = 1.01
    /// What is shorter counts as this, in seconds.
    private static let shortest = 1e-5
    /// Cells up to 1000 s.
    private static let cells = 1852

    private var counts = [Int32](repeating: 0, count: TimeSketch.cells)
    private(set) var count = 0
    private(set) var sum = 0.0
    private(set) var longest = 0.0

    mutating func record(_ seconds: Double) {
        guard seconds.isFinite else { return }
        let cell = Int(log(max(seconds, Self.shortest) / Self.shortest) / log(Self.ratio))
        counts[min(cell, Self.cells - 1)] += 1
        count += 1
        sum += seconds
        longest = max(longest, seconds)
    }

    /// The seconds that `share` (0…1) of all times do not exceed; zero when there are none.
    func value(share: Double) -> Double {
        guard count > 0 else { return 0 }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (cell, counted) in counts.enumerated() {
            seen += Int(counted)
            if seen >= rank { return min(longest, Self.shortest * pow(Self.ratio, Double(cell) + 0.5)) }
        }
        return longest
    }
}
