/// What an inference takes of the machine while it runs: some of its cores, and another processor whole.
public struct Demand: Sendable, Hashable, BitwiseCopyable {
    /// How many cores; more than there are counts as all of them.
    public var cores: Int
    /// The number that stands for the processor it takes besides; `nil` where it runs on cores alone.
    public var processor: Int?

    /// Makes a demand.
    public init(cores: Int, processor: Int? = nil) {
        self.cores = cores
        self.processor = processor
    }

    /// Whether the two want something of the same kind, so that one may have to wait for the other.
    func competes(with other: Demand) -> Bool {
        cores > 0 && other.cores > 0 || processor != nil && processor == other.processor
    }

    /// Whether the two cannot run at once on so many cores.
    func collides(with other: Demand, cores available: Int) -> Bool {
        if let processor, processor == other.processor { return true }
        guard cores > 0, other.cores > 0 else { return false }
        return min(cores, available) + min(other.cores, available) > available
    }
}
