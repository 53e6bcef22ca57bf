extension ModelManifest {
    /// What is wrong with the manifest, in words; nil when it makes sense.
    ///
    /// What the manifest says is used to reach files and to size memory, so nothing of it is believed unchecked.
    func problem() -> String? {
        if format != Self.currentFormat {
            return "format: \"\(format)\" is not \"\(Self.currentFormat)\", the one this heed reads"
        }
        if !Self.isFileName(name) { return "name: \"\(name)\" is empty or holds a path separator" }
        if files.isEmpty { return "files: names no file" }
        for (file, digest) in files.sorted(by: { $0.key < $1.key }) {
            if !Self.isFileName(file) { return "files: \"\(file)\" is not the plain name of a file" }
            if !Self.isDigest(digest) {
                return "files: \(file): \"\(digest)\" is not a SHA-256 in 64 lower-case hexadecimal digits"
            }
        }
        return classifier?.problem(files: files) ?? whisper?.problem(files: files) ?? moonshine?.problem(files: files)
            ?? voiceActivity?.problem(files: files)
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension ClassifierManifest {
    private static let largestSide = 4_096
    private static let mostClasses = 1_000_000

    fileprivate func problem(files: [String: String]) -> String? {
        for (key, file) in [("graph", graph), ("labels", labels)] where files[file] == nil {
            return "\(key): \"\(file)\" is not among files"
        }
        for (place, exit) in (exits ?? []).enumerated() {
            if let problem = exit.problem(files: files) { return "exits.\(place).\(problem)" }
        }
        for (place, (exit, next)) in zip(accuracies, accuracies.dropFirst()).enumerated()
        where exit.expected(in: .fp32) >= next.expected(in: .fp32) {
            return "exits.\(place).accuracy: is no less than that of the answer that follows"
        }
        for (key, name) in [("input.name", input.name), ("output.name", output.name)]
        where name.isEmpty || name.utf8.contains(0) {
            return "\(key): \"\(name)\" is no name"
        }
        let sides = 1...Self.largestSide
        guard input.shape.count == 4, input.shape[0] == 1, sides.contains(input.height), sides.contains(input.width),
            input.shape[3] == 3
        else { return "input.shape: \(input.shape) is not [1, height, width, 3] with sides of \(sides)" }
        if !sides.contains(input.crop.margin + 1) { return "input.crop.margin: \(input.crop.margin) is out of range" }
        if !(1...Self.mostClasses).contains(classes) {
            return "classes: \(classes) is not 1 to \(Self.mostClasses)"
        }
        if output.shape != [1, classes] { return "output.shape: \(output.shape) is not [1, classes], [1, \(classes)]" }
        return accuracy.problem().map { "accuracy.\($0)" }
    }
}

extension ClassifierManifest.Exit {
    private static let mostFeatures = 1 << 26

    fileprivate func problem(files: [String: String]) -> String? {
        if files[graph] == nil { return "graph: \"\(graph)\" is not among files" }
        if features.name.isEmpty || features.name.utf8.contains(0) {
            return "features.name: \"\(features.name)\" is no name"
        }
        var count = 1
        for size in features.shape {
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
            guard size >= 1, !isTooLarge, product <= Self.mostFeatures else {
                return "features.shape: \(features.shape) is not 1 to \(Self.mostFeatures) features"
            }
            count = product
        }
        return accuracy.problem().map { "accuracy.\($0)" }
    }
}

extension ClassifierManifest.Accuracy {
    fileprivate func problem() -> String? {
        let shares = [("top1", top1), ("top5", top5), ("expected", expected ?? 0)]
        for (key, share) in shares where !(0...1).contains(share) {
            return "\(key): \(share) is not between 0 and 1"
        }
        for (name, share) in (precisions ?? [:]).sorted(by: { $0.key < $1.key }) {
            if Precision(rawValue: name) == nil { return "precisions: \"\(name)\" is no precision" }
            if !(0...1).contains(share) { return "precisions.\(name): \(share) is not between 0 and 1" }
        }
        if samples < 1 { return "samples: \(samples) is not a number of samples" }
        return nil
    }
}
