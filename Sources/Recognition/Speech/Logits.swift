import Glibc

/// The scores of every token for the next place in a text, changed in place until one is chosen.
///
/// Lives as long as the memory it is over.
struct Logits {
    /// One score a token.
    let scores: UnsafeMutableBufferPointer<Float>

    /// A token below the best by this much is one ten-thousand-millionth as probable: a whole vocabulary of such tokens
    /// changes no probability's sixth digit, and their exponentials need not be taken.
    private static let negligible: Float = 25

    /// Makes tokens impossible.
    func suppress(_ tokens: some Sequence<Int>) {
        for token in tokens { scores[token] = -.infinity }
    }

    /// The highest score of a range; −∞ where all are impossible, no number where the range has one.
    func highest(in range: Range<Int>? = nil) -> Float {
        // As integers of their bits, with those below zero turned round, floats keep their order, and the processor
        // finds the largest of sixteen at once; among floats, what is no number forbids that.
        var highest = Int32.min
        for token in range ?? scores.indices { highest = max(highest, Self.turned(scores[token])) }
        return highest == .min ? -.infinity : Float(bitPattern: UInt32(bitPattern: highest ^ (highest >> 31 & .max)))
    }

    private static func turned(_ score: Float) -> Int32 {
        let bits = Int32(bitPattern: score.bitPattern)
        return bits ^ (bits >> 31 & .max)
    }

    /// The token with the highest score, the first of equals.
    func best(in range: Range<Int>? = nil) -> Int {
        let range = range ?? scores.indices
        let highest = highest(in: range)
        return range.first { scores[$0] == highest } ?? range.lowerBound
    }

    /// The logarithm of the sum of the exponentials of a range's scores; −∞ where all are impossible, and no finite
    /// number where a score is none.
    func logSum(in range: Range<Int>? = nil) -> Float {
        let range = range ?? scores.indices
        let highest = highest(in: range)
        guard highest.isFinite else { return highest }
        let lowest = highest - Self.negligible
        var sum: Float = 0
        // Not `>`: a score that is no number must spoil the sum, not be passed over.
        for token in range where !(scores[token] <= lowest) { sum += exp(scores[token] - highest) }
        return highest + log(sum)
    }

    /// Draws a token by its probability at a temperature above 0.
    func draw(temperature: Double, from random: inout some RandomNumberGenerator) -> Int {
        let highest = scores[best()]
        func weight(_ token: Int) -> Double { exp(Double(scores[token] - highest) / temperature) }
        var rest = Double.random(in: 0..<1, using: &random) * scores.indices.reduce(0) { $0 + weight($1) }
        for token in scores.indices where scores[token] > -.infinity {
            rest -= weight(token)
            if rest < 0 { return token }
        }
        return best()  // The sum's rounding.
    }
}
