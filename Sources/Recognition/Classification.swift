/// One class that a classifier sees in a picture, and how sure it is.
public struct Classification: Sendable, Hashable, Codable {
    /// The class's index in the model's list.
    public var classIndex: Int
    /// The class's name.
    public var label: String
    /// The probability the model gives the class, 0…1.
    public var score: Float

    enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case label, score
    }

    /// Makes a classification.
    public init(classIndex: Int, label: String, score: Float) {
        self.classIndex = classIndex
        self.label = label
        self.score = score
    }
}

extension Classification {
    /// The indices of the largest scores, best first, ties by index; `count` of them, or fewer when there are fewer.
    ///
    /// One pass over the scores that keeps the best in order: close to one comparison a score when `count` is small.
    static func best(_ count: Int, of scores: UnsafeBufferPointer<Float>) -> [Int] {
        guard count > 0 else { return [] }
        var best: [Int] = []
        best.reserveCapacity(min(count, scores.count) + 1)
        for (index, score) in scores.enumerated() {
            if best.count == count {
                if score <= scores[best[count - 1]] { continue }
                best.removeLast()
            }
            // An equal score met earlier stays ahead.
            var place = best.count
            while place > 0, scores[best[place - 1]] < score { place -= 1 }
            best.insert(index, at: place)
        }
        return best
    }
}
