import Recognition

extension ModelBundle {
    /// The installed bundles with these names, in their order, each once; all of them where no names are given.
    ///
    /// - Throws: `PipelinesError` for a name that is not installed, with the nearest that is; `RecognitionError` for a
    ///   bundle whose manifest cannot be read.
    static func installed(named names: [String]?, in folder: String) throws -> [ModelBundle] {
        let installed = try ModelBundle.all(in: folder)
        guard let names else { return try installed.map { try $0.bundle.get() } }
        return try names.withoutRepeats().map { name in
            if let found = installed.first(where: { $0.name == name }) { return try found.bundle.get() }
            let known = installed.map(\.name)
            let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" } ?? "."
            throw PipelinesError(
                .noRecognizers,
                "`\(name)`: no such recogniser\(nearest) Installed are \(known.joined(separator: ", "))")
        }
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    func withoutRepeats() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
