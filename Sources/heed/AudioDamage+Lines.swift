import Recordings

extension AudioDamage {
    /// What could not be used, for people.
    var lines: [String] {
        var lines: [String] = []
        if samples > 0 { lines.append("\(counted(samples, "sample was", "samples were")) no number") }
        if packets > 0 {
            lines.append(
                "\(counted(packets, "packet is", "packets are")) damaged, their sound is missing: \(reason ?? "")")
        }
        return lines
    }
}

/// A count with its noun.
func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
