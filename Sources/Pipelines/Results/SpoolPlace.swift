import Machine
import Sinks

/// Where what waits for a sink lies, unless the pipeline file says so: `spool` in the state folder.
enum SpoolPlace {
    /// A folder of the sink's own: what waits for one far end is never sent to another.
    static func path(for sink: PipelineConfiguration.Sink) -> String {
        "\(StateFolder.root)/spool/\(sink.name)-\(String(fingerprint(address(of: sink.kind)), radix: 16))"
    }

    private static func address(of kind: PipelineConfiguration.Sink.Kind) -> String {
        switch kind {
        case .lines(let path, _), .captions(let path): path
        case .command(let command, _): command.joined(separator: "\u{0}")
        case .webhook(let options): options.url
        case .mqtt(let options, _): "\(options.host):\(options.port)/\(options.topic)"
        }
    }

    /// FNV-1a, 64 bits: short, and the same in every run.
    private static func fingerprint(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
