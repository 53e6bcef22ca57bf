import ArgumentParser
import Foundation
import Pipelines
import Recognition

/// `heed models`: the bundles of recognisers on this machine.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, build and verify the bundles of recognisers.",
        subcommands: [List.self, Build.self, Verify.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the installed bundles.")

        @Flag(help: "Also show origin, licence and how accuracy was measured.")
        var long = false

        func run() throws {
            let installed = try ModelBundle.all(in: DataFolder.models)
            guard !installed.isEmpty else {
                print("no bundles in \(DataFolder.models); run `heed models build`")
                return
            }
            let bundles = installed.compactMap { try? $0.bundle.get() }
            let rows = bundles.map { bundle in
                let manifest = bundle.manifest
                let classifier = manifest.classifier
                return [
                    manifest.name,
                    classifier.map { $0.input.shape.map(String.init).joined(separator: "×") } ?? "–",
                    classifier.map { "\($0.classes)" } ?? "–",
                    classifier.map { ($0.accuracy.top1 * 100).formatted(decimals: 1) } ?? "–",
                    classifier?.accuracy.expected.map { ($0 * 100).formatted(decimals: 1) } ?? "–",
                    manifest.license,
                    megabytes(bundle),
                ]
            }
            print(table([["bundle", "input", "classes", "top-1 %", "expected %", "licence", "MB"]] + rows))
            if long {
                for bundle in bundles {
                    let origin = bundle.manifest.origin
                    print("\n\(bundle.manifest.name)  \(bundle.directory)")
                    print("  origin    \(origin.package) \(origin.version), \(origin.file), SHA-256 \(origin.sha256)")
                    if let accuracy = bundle.manifest.classifier?.accuracy {
                        print("  measured  \(accuracy.measured)")
                        if let expectation = accuracy.expectation { print("  expected  \(expectation)") }
                    }
                }
            }
            for case .failure(let error) in installed.map(\.bundle) { say(error.message) }
            if bundles.count < installed.count { throw ExitCode.failure }
        }

        private func megabytes(_ bundle: ModelBundle) -> String {
            let bytes = bundle.manifest.files.keys.reduce(0) { sum, name in
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(bundle.directory)/\(name)")
                return sum + (attributes?[.size] as? Int ?? 0)
            }
            return (Double(bytes) / 1e6).formatted(decimals: 1)
        }
    }

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build bundles from their pinned weights; skips what is done.",
            discussion: """
                Also installs the inference engine's library. Needs python3 with venv, and the network for the pinned \
                Python packages that hold weights and tools; neither is needed afterwards.
                """)

        @Argument(help: "Bundles to build. Default: all.")
        var names: [String] = []

        func run() throws {
            let tool = try SetUpTool.locate()
            try tool.run(arguments: ["--only", "runtime"])
            try tool.run(arguments: ["--only", "models"] + names)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check each file of each bundle against its SHA-256.")

        @Argument(help: "Bundles to verify. Default: all.")
        var names: [String] = []

        func run() throws {
            let installed = try ModelBundle.all(in: DataFolder.models)
            let known = installed.map(\.name)
            for name in names where !known.contains(name) {
                let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" } ?? ""
                throw ValidationError("`\(name)`: no such bundle in \(DataFolder.models)\(nearest)")
            }
            guard !installed.isEmpty else {
                throw ValidationError("no bundles in \(DataFolder.models); run `heed models build`")
            }
            var isSound = true
            for (name, bundle) in installed where names.isEmpty || names.contains(name) {
                do {
                    try bundle.get().verify()
                    print("\(name): sound")
                } catch {
                    say("\(name): \(error.message)")
                    isSound = false
                }
            }
            if !isSound { throw ExitCode.failure }
        }
    }
}
