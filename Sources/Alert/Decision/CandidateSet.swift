/// A set of candidates, by their indices into a policy's candidates: which may be chosen, which are loaded.
///
/// 256 bits: it is copied, combined and gone through without allocation.
public struct CandidateSet: Sendable, Hashable, BitwiseCopyable {
    /// Indices are below this: no policy has more candidates.
    public static let capacity = 256

    /// Bit `index % 64` of the word `index / 64`.
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    /// Makes the empty set.
    public init() {}

    /// Makes the set of all indices of a range.
    /// - Precondition: the range lies within 0..<`capacity`.
    public init(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= Self.capacity, "no set holds \(range)")
        for word in 0..<4 {
            let bits = range.clamped(to: word * 64..<(word + 1) * 64)
            // Shifting by as many bits as there are gives zero.
            self[word: word] =
                (~0 << UInt64(bits.lowerBound - word * 64)) & ~(~0 << UInt64(bits.upperBound - word * 64))
        }
    }

    /// Makes the set of these indices.
    /// - Precondition: each lies within 0..<`capacity`.
    public init(_ indices: some Sequence<Int>) {
        self.init()
        for index in indices { insert(index) }
    }

    /// Whether nothing is in the set.
    public var isEmpty: Bool { first | second | third | fourth == 0 }

    /// How many are in the set.
    public var count: Int {
        first.nonzeroBitCount + second.nonzeroBitCount + third.nonzeroBitCount + fourth.nonzeroBitCount
    }

    /// Whether an index is in the set; one that no set can hold is not.
    public func contains(_ index: Int) -> Bool {
        guard 0..<Self.capacity ~= index else { return false }
        return self[word: index >> 6] & (1 << UInt64(index & 63)) != 0
    }

    /// Adds an index.
    /// - Precondition: it lies within 0..<`capacity`.
    public mutating func insert(_ index: Int) {
        precondition(0..<Self.capacity ~= index, "no set holds \(index)")
        self[word: index >> 6] |= 1 << UInt64(index & 63)
    }

    /// Takes an index out, if it is in.
    public mutating func remove(_ index: Int) {
        guard contains(index) else { return }
        self[word: index >> 6] &= ~(1 << UInt64(index & 63))
    }

    /// Those in both sets.
    public func intersection(_ other: CandidateSet) -> CandidateSet { combined(with: other, &) }

    /// Those in either set.
    public func union(_ other: CandidateSet) -> CandidateSet { combined(with: other, |) }

    /// Those in this set that are not in the other.
    public func subtracting(_ other: CandidateSet) -> CandidateSet { combined(with: other) { $0 & ~$1 } }

    @inline(__always)
    private func combined(with other: CandidateSet, _ combine: (UInt64, UInt64) -> UInt64) -> CandidateSet {
        var set = CandidateSet()
        set.first = combine(first, other.first)
        set.second = combine(second, other.second)
        set.third = combine(third, other.third)
        set.fourth = combine(fourth, other.fourth)
        return set
    }

    private subscript(word index: Int) -> UInt64 {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: fourth = newValue
            }
        }
    }
}

extension CandidateSet: Sequence {
    /// Goes through a set's indices, the lowest first.
    public struct Iterator: IteratorProtocol, Sendable {
        private let set: CandidateSet
        /// The word it is at, and what is left of it.
        private var word = 0
        private var rest: UInt64

        fileprivate init(_ set: CandidateSet) {
            self.set = set
            rest = set.first
        }

        /// The next index.
        @inline(__always)
        public mutating func next() -> Int? {
            while rest == 0 {
                guard word < 3 else { return nil }
                word += 1
                rest = set[word: word]
            }
            let index = word &<< 6 | rest.trailingZeroBitCount
            rest &= rest &- 1
            return index
        }
    }

    public func makeIterator() -> Iterator { Iterator(self) }
}

extension Sequence<Int> {
    /// The candidates that can run when some of these models are there: those that one of them lets run, and that need
    /// none of the others.
    ///
    /// - Parameter candidates: Those that need a model.
    public func runnable(
        _ candidates: (Int) -> CandidateSet, where isThere: (Int) -> Bool
    ) -> CandidateSet {
        var (able, unable) = (CandidateSet(), CandidateSet())
        for model in self {
            if isThere(model) {
                able = able.union(candidates(model))
            } else {
                unable = unable.union(candidates(model))
            }
        }
        return able.subtracting(unable)
    }
}
