public import ArgumentParser
import Dispatch
public import Machine
import Pipelines
import Units

extension CoRunnerKind: ExpressibleByArgument {}

/// `heed stress`: keeps the machine busy, as another program would.
struct StressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stress",
        abstract: "Keep cores busy, to see how recognition fares beside other programs.",
        discussion: """
            compute does arithmetic in registers; memory streams four times as much memory as the largest cache holds \
            (128 MiB at least, and a quarter of what is available at most). One thread on each core, pinned to it, \
            takes turns of 10 ms to work and to rest. It ends after its time, with Ctrl-C, and, as a co-runner of \
            `heed trace`, with the program that started it.

            Examples:
              heed stress compute
              heed stress memory --cores 1 --share 0.5 --for 30s
            """)

    /// As long as it runs where nothing is said.
    static let usualTime = Duration.seconds(600)

    @Argument(help: "compute or memory.")
    var kind: CoRunnerKind

    @Option(help: "The cores to keep busy, such as 0,1. Default: all that heed may use.", transform: coresArgument)
    var cores: [Int]?

    @Option(name: .customLong("for"), help: "How long, such as 30s. Default: 10min.", transform: timeArgument)
    var time: Duration = Self.usualTime

    @Option(help: "The share of each core's time to ask for, above 0 to 1.")
    var share = 1.0

    @Option(help: .private)
    var parent: Int32?

    func validate() throws {
        guard share > 0, share <= 1 else { throw ValidationError("--share \(share): expected a share above 0 to 1") }
    }

    func run() throws {
        let ended = DispatchSemaphore(value: 0)
        let interruption = Interruption { ended.signal() }
        defer { interruption.end() }
        if let parent, !ParentProcess.endWith(parent: parent) { return }
        let cores = try cores ?? CoreAffinity.allowed()
        let bytes = kind == .memory ? try CoRunnerWork.bytesToStream() : 0
        let threads = try CoRunnerThreads(CoRunnerLoad(kind, share: share), cores: cores, streaming: bytes)
        let work = kind == .memory ? "streaming \(bytes >> 20) MiB" : "computing"
        let places = (cores.count == 1 ? "core " : "cores ") + cores.map(String.init).joined(separator: ", ")
        try StandardOutput.write(
            line: "\(work) on \(places), \((share * 100).formatted(decimals: 0)) % of each, for \(time.words)")
        _ = ended.wait(timeout: .now() + .nanoseconds(Int(time.nanoseconds)))
        threads.end()
    }
}

private func coresArgument(_ text: String) throws -> [Int] {
    let cores = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard text.split(separator: ",", omittingEmptySubsequences: false).count == cores.count,
        Set(cores).count == cores.count
    else {
        throw ValidationError("expected numbers of cores with commas between, each once, such as 0,1; found `\(text)`")
    }
    return cores
}
