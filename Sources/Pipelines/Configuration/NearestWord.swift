/// The word of `words` nearest to `word`, if one is near enough to be a likely slip of the fingers.
///
/// Distance counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment);
/// near enough is at most a third of the word's length, and at least 2.
public func nearestWord(to word: String, in words: some Sequence<String>) -> String? {
    let best = words.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    guard let (nearest, distance) = best, distance <= max(2, word.count / 3) else { return nil }
    return nearest
}

private func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
