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

        @Flag(help: "Also show origin, all languages and how accuracy was measured.")
        var long = false

        func run() throws {
            let installed = try ModelBundle.all(in: DataFolder.models)
            guard !installed.isEmpty else {
                try answer("no bundles in \(DataFolder.models); run `heed models build`")
                return
            }
            let bundles = installed.compactMap { try? $0.bundle.get() }
            if !bundles.isEmpty { try answer(tables(of: bundles)) }
            if long { for bundle in bundles { try answer("\n" + details(of: bundle)) } }
            for case .failure(let error) in installed.map(\.bundle) { say(error.message) }
            if bundles.count < installed.count { throw ExitCode.failure }
        }

        /// A table for each kind of model, headed by what it is for, because what is worth knowing differs.
        private func tables(of bundles: [ModelBundle]) -> String {
            let rows = bundles.map { bundle in
                [Cell(heading: bundle.manifest.purpose, text: bundle.manifest.name)] + bundle.manifest.abilities
                    + [
                        Cell(heading: "licence", text: bundle.manifest.license),
                        Cell(heading: "MB", text: megabytes(bundle)),
                    ]
            }
            return Dictionary(grouping: rows) { $0.map(\.heading) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .map { headings, rows in table([headings] + rows.map { $0.map(\.text) }) }
                .joined(separator: "\n\n")
        }

        private func details(of bundle: ModelBundle) -> String {
            let manifest = bundle.manifest
            let (origin, classifier) = (manifest.origin, manifest.classifier?.accuracy)
            let exits = (manifest.classifier?.exits ?? []).map { ("exit     ", Optional($0.fitted)) }
            let facts: [(key: String, value: String?)] =
                [
                    ("origin   ", "\(origin.package) \(origin.version), \(origin.file), SHA-256 \(origin.sha256)"),
                    ("languages", manifest.languages.isEmpty ? nil : manifest.languages.joined(separator: " ")),
                    ("measured ", classifier?.measured ?? manifest.speechAccuracy?.measured),
                    ("expected ", classifier?.expectation),
                ] + exits
            let lines = facts.compactMap { key, value in value.map { "  \(key)  \($0)" } }
            return (["\(manifest.name)  \(bundle.directory)"] + lines).joined(separator: "\n")
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
                do { try bundle.get().verify() } catch {
                    say("\(name): \(error.message)")
                    isSound = false
                    continue
                }
                try answer("\(name): sound")
            }
            if !isSound { throw ExitCode.failure }
        }
    }
}

/// What a table says of a bundle in one of its columns.
private struct Cell {
    var heading: String
    var text: String
}

extension ModelManifest {
    /// What the model is for, in words.
    fileprivate var purpose: String { task.replacing("-", with: " ") }

    /// What the model takes and how well it does, as the bundle states it.
    fileprivate var abilities: [Cell] {
        func percent(_ share: Double?) -> String { share.map { ($0 * 100).formatted(decimals: 1) } ?? "–" }
        if let classifier {
            // One that answers in stages gets better from one to the next.
            func percents(_ shares: [Double?]) -> String { shares.map(percent).joined(separator: " → ") }
            return [
                Cell(heading: "input", text: "\(classifier.input.width)×\(classifier.input.height)"),
                Cell(heading: "classes", text: "\(classifier.classes)"),
                Cell(heading: "top-1 %", text: percents(classifier.accuracies.map(\.top1))),
                Cell(heading: "expected", text: percents(classifier.accuracies.map(\.expected))),
            ]
        }
        guard !languages.isEmpty else { return [] }
        let names = languages.count > 4 ? "\(languages.count)" : languages.joined(separator: " ")
        return [
            Cell(heading: "languages", text: names),
            Cell(heading: "word errors %", text: percent(speechAccuracy?.wordErrorRate)),
            Cell(heading: "of words", text: speechAccuracy.map { "\($0.words)" } ?? "–"),
        ]
    }
}
