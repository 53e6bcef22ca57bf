import Captions
import Units

extension SeededGenerator {
    /// A whole number of milliseconds.
    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: range, using: &self))
    }

    /// True as often as `share` says.
    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}

/// Words of a text, each 300 ms long, a pause of 100 ms after each.
func words(_ text: String, from start: Duration = .zero, isApproximate: Bool = false) -> [Word] {
    text.split(separator: " ").enumerated().map { index, text in
        let begin = start + .milliseconds(400 * index)
        return Word(String(text), start: begin, end: begin + .milliseconds(300), isApproximate: isApproximate)
    }
}

extension Duration {
    static func seconds(_ value: Double) -> Duration { .milliseconds(Int64((value * 1000).rounded())) }
}
