import Alert

/// The newest observations of a lane, in the order they were made; bounded.
struct RecentObservations {
    private static let capacity = 64
    private var ring: [Observation] = []
    private var oldest = 0

    init() { ring.reserveCapacity(Self.capacity) }

    mutating func add(_ observation: Observation) {
        guard ring.count == Self.capacity else { return ring.append(observation) }
        ring[oldest] = observation
        oldest = (oldest + 1) % Self.capacity
    }

    func forEach(_ body: (Observation) -> Void) {
        for index in ring.indices { body(ring[(oldest + index) % ring.count]) }
    }
}
