/// Writes metrics in Prometheus' text format, version 0.0.4.
struct MetricsText {
    /// What a metric is.
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    /// Begins a metric; the samples that follow are of it.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP heed_\(name) \(help)\n# TYPE heed_\(name) \(kind.rawValue)\n"
    }

    /// Adds the sample of a metric that has one alone.
    mutating func sample(_ name: String, _ value: some Numeric) { sample(name, [:], value) }

    /// Adds a sample.
    mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: some Numeric) {
        let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += "heed_\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(value)\n"
    }

    /// Adds a histogram's samples.
    mutating func histogram(_ name: String, stream: String, _ buckets: TimeBuckets) {
        var total = 0
        for (bound, count) in zip(TimeBuckets.bounds, buckets.counts) {
            total += count
            sample("\(name)_bucket", ["stream": stream, "le": "\(bound)"], total)
        }
        sample("\(name)_bucket", ["stream": stream, "le": "+Inf"], buckets.count)
        sample("\(name)_sum", ["stream": stream], buckets.sum)
        sample("\(name)_count", ["stream": stream], buckets.count)
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
