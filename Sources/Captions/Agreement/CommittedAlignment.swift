import Units

/// Finds where a hypothesis goes beyond what is committed.
///
/// The committed words that should be in the window are laid along the beginning of the hypothesis with the least
/// difference, by words first and by times second. So a recognizer that writes a word otherwise, splits it or misses it
/// neither repeats nor loses what comes after, and a word cut by the window's edge does no harm.
struct CommittedAlignment {
    /// A committed word: the key it is compared by, and its end.
    struct Anchor: Sendable, Hashable {
        var key: String
        var end: Duration
        var isApproximate: Bool
    }

    private enum Cost {
        static let match = -0.5
        static let resembling = 0.5
        static let different = 1.0
        /// A word that only one side has.
        static let extra = 1.0
        /// The hypothesis's first word, where the window begins in mid-speech: it may be the rest of a word.
        static let cut = 0.2
        /// For each word by which the window begins elsewhere than believed: at a measured segment end, and at a word.
        static let shiftAtSegment = 0.5
        static let shiftAtWord = 0.25
        /// For each second by which the last committed word's end lies off the seam, beyond the tolerance.
        static let secondMeasured = 4.0
        static let secondApproximate = 0.3
        static let tolerance = 0.1
    }

    /// How many words of a hypothesis are committed already.
    /// - Parameters:
    ///   - keys: the hypothesis's words, as they are compared.
    ///   - words: the hypothesis's words.
    ///   - anchors: the last committed words, in order.
    ///   - expected: the index of the first anchor that lies in the window.
    ///   - isSegmentEnd: whether the window begins at a measured segment end.
    static func committedCount(
        keys: [String], words: [Word], anchors: [Anchor], expected: Int, isSegmentEnd: Bool
    ) -> Int {
        guard let last = anchors.last else { return 0 }
        let shift = isSegmentEnd ? Cost.shiftAtSegment : Cost.shiftAtWord
        func startCost(_ row: Int) -> Double { Double(abs(row - expected)) * shift }

        // Edit distance of the anchors, from any start, against each beginning of the hypothesis; a row for each
        // anchor.
        var row = (0...keys.count).map { startCost(0) + Double($0) * Cost.extra }
        for (index, anchor) in anchors.enumerated() {
            var diagonal = row[0]
            row[0] = min(startCost(index + 1), row[0] + Cost.extra)
            for column in keys.indices {
                var pair = cost(anchor.key, keys[column])
                if column == 0, !isSegmentEnd { pair = min(pair, Cost.cut) }
                let paired = diagonal + pair
                diagonal = row[column + 1]
                row[column + 1] = min(paired, diagonal + Cost.extra, row[column] + Cost.extra)
            }
        }
        for count in row.indices { row[count] += timeCost(count, words: words, last: last) }
        return row.indices.min { row[$0] < row[$1] } ?? 0
    }

    /// The last committed word's end should lie between the words that count as committed and those that come after.
    private static func timeCost(_ count: Int, words: [Word], last: Anchor) -> Double {
        func cost(_ apart: Duration, _ word: Word) -> Double {
            let perSecond = last.isApproximate || word.isApproximate ? Cost.secondApproximate : Cost.secondMeasured
            return perSecond * max(0, apart.seconds - Cost.tolerance)
        }
        let before = count > 0 ? cost(words[count - 1].end - last.end, words[count - 1]) : 0
        let after = count < words.count ? cost(last.end - words[count].start, words[count]) : 0
        return before + after
    }

    private static func cost(_ a: String, _ b: String) -> Double {
        if a == b { return Cost.match }
        // The same beginning for half of the longer word: another ending, another spelling, a word cut short.
        let common = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
        return common * 2 >= max(a.utf8.count, b.utf8.count) ? Cost.resembling : Cost.different
    }
}
