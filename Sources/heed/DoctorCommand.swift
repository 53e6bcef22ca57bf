import ArgumentParser
import Foundation

/// `heed doctor`: what this machine offers, and what would bring the rest.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine offers heed, and what would bring the rest.",
        discussion: """
            Looks at the processor, the inference engine and the processors that it can use, graphics cards, energy \
            meters, power settings, permissions, devices, models and the profile. ✓ is here; – is not, and nothing is \
            wrong with that; ✗ could be here, and the line below says how: commands in `backticks` can be pasted as \
            they are. Nothing is changed.

            The exit status is 0 when heed can work here, 1 when something is missing that it cannot work without: \
            ONNX Runtime, or models.

            Examples:
              heed doctor
              heed doctor --json | jq '.sections[].findings[] | select(.state == "missing")'
            """)

    @Flag(help: "Print one JSON object for programs.")
    var json = false

    @Option(help: .private)
    var root = ""

    func run() throws {
        let checkup = Checkup(root: root)
        let inColor = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        try answer(json ? checkup.json() : checkup.text(inColor: inColor))
        if !checkup.works { throw ExitCode.failure }
    }
}

extension Checkup {
    /// Looks at this machine, or at its files under `root`, a copy.
    init(root: String = "") {
        let engine = Engine()
        sections = [
            Section(title: "machine", findings: Self.machine(root: root)),
            Section(title: "inference", findings: engine.findings),
            Section(title: "graphics", findings: Self.graphics(root: root)),
            Section(title: "energy meters", findings: Self.energy(root: root)),
            Section(title: "power settings", findings: Self.powerSettings(root: root)),
            Section(title: "permissions", findings: Self.permissions()),
            Section(title: "devices", findings: Self.devices(root: root)),
            Section(title: "models", findings: engine.models(root: root)),
        ]
    }
}
