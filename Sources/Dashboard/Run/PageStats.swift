import Alert
import Machine
import Media
import Pipelines
import Units

/// The figures that viewers are told about once a second.
struct PageStats: Encodable {
    struct Times: Encodable {
        var p50, p95, p99, max: Double

        /// In milliseconds.
        init(_ times: TimeSketch) {
            func milliseconds(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1000 }
            p50 = milliseconds(times.value(share: 0.5))
            p95 = milliseconds(times.value(share: 0.95))
            p99 = milliseconds(times.value(share: 0.99))
            max = milliseconds(times.longest)
        }
    }

    struct Energy: Encodable {
        var total: Double
        var perSample: Double
        var source: String

        enum CodingKeys: String, CodingKey {
            case total, source
            case perSample = "per_sample"
        }
    }

    struct Slowdown: Encodable {
        var mean, deviation: Double
    }

    struct Stream: Encodable {
        var samples: Int
        var outcomes: OutcomeCounts
        var latency: Times
        var overhead: Times
        /// The share of latency that was inference; nil before the first answer.
        var inferenceShare: Double?
        var energy: Energy?
        var slowdown: Slowdown
        var queue: PageState.Queue

        enum CodingKeys: String, CodingKey {
            case samples, outcomes, slowdown, queue
            case latency = "latency_ms"
            case overhead = "overhead_ms"
            case inferenceShare = "inference_share"
            case energy = "energy_j"
        }
    }

    var now: Int64
    var streams: [String: Stream]
    /// Processor seconds a second of late, of one core.
    var processorUse: Double
    var lost: Int
    var gaps: Int
    var reconnects: Int
    var viewers: Int

    enum CodingKeys: String, CodingKey {
        case streams, lost, gaps, reconnects, viewers
        case now = "now_ns"
        case processorUse = "processor_use"
    }
}

extension PageStats.Stream {
    init(_ controls: StreamControls, _ figures: RunBook.Stream) {
        samples = figures.samples
        outcomes = figures.outcomes
        latency = PageStats.Times(figures.latency)
        overhead = PageStats.Times(figures.overhead)
        inferenceShare =
            figures.latency.sum > 0 ? figures.inferenceBuckets.sum / figures.latency.sum : nil
        let total = figures.energy.values.reduce(0, +)
        energy = figures.energySource.map {
            PageStats.Energy(total: total, perSample: total / Double(figures.measured), source: $0)
        }
        let estimate = controls.slowdown
        slowdown = PageStats.Slowdown(mean: estimate.mean, deviation: estimate.standardDeviation)
        queue = PageState.Queue(depth: controls.queueDepth, capacity: controls.queueCapacity)
    }
}
