/// What `autoscale` tells situations apart by: a few bins, so that a table holds them all.
///
/// AutoScale's own features are a neural network's layers, the use of processor and memory by other programs, and the
/// strength of radio signals. heed chooses the network itself, so its layers are part of the action; other programs
/// show in how much slower than profiled the last inference was and how much that changed; nothing is sent by radio.
struct AutoscaleState: Sendable, Hashable {
    /// How many states there are: 4 · 3 · 3 · 3.
    static let count = 108

    /// The state's place in the table, 0..<`count`.
    let index: Int

    /// - Parameters:
    ///   - slowdown: the last one measured: up to 1.1, 1.5, 2.5 or beyond.
    ///   - change: how far it lay from the one before, relative to that: up to 5 %, 20 % or beyond.
    ///   - timeShare: the time left over the goal's deadline: up to 50 %, 80 % or beyond.
    ///   - size: the sample's, relative to the one profiled: up to 1.5, 3 or beyond.
    init(slowdown: Double, change: Double, timeShare: Double, size: Double) {
        let slowdownBin = (slowdown > 1.1 ? 1 : 0) + (slowdown > 1.5 ? 1 : 0) + (slowdown > 2.5 ? 1 : 0)
        let changeBin = (change > 0.05 ? 1 : 0) + (change > 0.2 ? 1 : 0)
        let timeBin = (timeShare > 0.5 ? 1 : 0) + (timeShare > 0.8 ? 1 : 0)
        let sizeBin = (size > 1.5 ? 1 : 0) + (size > 3 ? 1 : 0)
        index = ((slowdownBin * 3 + changeBin) * 3 + timeBin) * 3 + sizeBin
    }

    /// The slow-down that stands for a state where nothing has been learned yet.
    static func typicalSlowdown(of index: Int) -> Double {
        switch index / 27 {
        case 0: 1
        case 1: 1.3
        case 2: 2
        default: 3
        }
    }

    /// The share of the deadline that stands for a state where nothing has been learned yet.
    static func typicalTimeShare(of index: Int) -> Double {
        switch index / 3 % 3 {
        case 0: 0.4
        case 1: 0.65
        default: 1
        }
    }

    /// The size that stands for a state where nothing has been learned yet.
    static func typicalSize(of index: Int) -> Double {
        switch index % 3 {
        case 0: 1
        case 1: 2
        default: 4
        }
    }
}
