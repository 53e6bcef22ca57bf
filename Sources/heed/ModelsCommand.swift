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
            let bundles = try ModelBundle.all(in: DataFolder.models)
            guard !bundles.isEmpty else {
                print("no bundles in \(DataFolder.models); run `heed models build`")
                return
            }
            let rows = bundles.map { bundle in
                let manifest = bundle.manifest
                let classifier = manifest.classifier
                return [
                    manifest.name,
                    classifier.map { $0.input.shape.map(String.init).joined(separator: "×") } ?? "–",
                    classifier.map { "\($0.classes)" } ?? "–",
                    classifier.map { decimals($0.accuracy.top1 * 100, 1) } ?? "–",
                    classifier?.accuracy.expected.map { decimals($0 * 100, 1) } ?? "–",
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
        }

        private func megabytes(_ bundle: ModelBundle) -> String {
            let bytes = bundle.manifest.files.keys.reduce(0) { sum, name in
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(bundle.directory)/\(name)")
                return sum + (attributes?[.size] as? Int ?? 0)
            }
            return decimals(Double(bytes) / 1e6, 1)
        }
    }

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build bundles from their pinned weights; skips what is done.",
            discussion: "Needs python3 with venv, and Debian's package registries for Python at set-up time only.")

        @Argument(help: "Bundles to build. Default: all.")
        var names: [String] = []

        func run() throws {
            try SetUpTool.locate().run(arguments: ["--only", "models"] + names)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check each file of each bundle against its SHA-256.")

        @Argument(help: "Bundles to verify. Default: all.")
        var names: [String] = []

        func run() throws {
            let installed = try ModelBundle.all(in: DataFolder.models)
            let known = installed.map(\.manifest.name)
            for name in names where !known.contains(name) {
                let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" } ?? ""
                throw ValidationError("`\(name)`: no such bundle in \(DataFolder.models)\(nearest)")
            }
            guard !installed.isEmpty else {
                throw ValidationError("no bundles in \(DataFolder.models); run `heed models build`")
            }
            var isSound = true
            for bundle in installed where names.isEmpty || names.contains(bundle.manifest.name) {
                do {
                    try bundle.verify()
                    print("\(bundle.manifest.name): sound")
                } catch {
                    say("\(bundle.manifest.name): \(error)")
                    isSound = false
                }
            }
            if !isSound { throw ExitCode.failure }
        }
    }
}
