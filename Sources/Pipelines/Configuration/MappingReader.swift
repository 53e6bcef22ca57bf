import Capture
import Media
import Units
import Yams

/// Something wrong in a pipeline file, and where.
public struct PipelineProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file as it was named.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The key's path, such as `goal.deadline`; empty for the file as a whole.
    public var key: String
    /// What is wrong and what was expected.
    public var message: String

    public var description: String { "\(file):\(line): \(key.isEmpty ? "" : "\(key): ")\(message)" }
}

/// Reads one YAML mapping: hands out checked values by key, and reports each key that nobody asked for.
///
/// Problems are gathered rather than thrown, so that one look at a file shows all of them.
struct MappingReader {
    let file: String
    let path: String
    private let node: Node
    private let mapping: Node.Mapping?
    private var known: [String] = []
    private(set) var problems: [PipelineProblem] = []
    private static let auto = "auto"

    /// - Parameter orAuto: Whether the word `auto` might have stood here instead.
    init(file: String, path: String = "", node: Node, orAuto: Bool = false) {
        self.file = file
        self.path = path
        self.node = node
        // A key with nothing behind it stands for all its defaults.
        mapping = node.null == nil ? node.mapping : [:]
        if mapping == nil {
            let slip = orAuto ? nearestWord(to: node.scalar?.string ?? "", in: [Self.auto]) : nil
            let hint = (orAuto ? ", or auto" : "") + (slip.map { "; did you mean `\($0)`?" } ?? "")
            problems.append(
                PipelineProblem(
                    file: file, line: Self.line(node), key: path, message: "expected keys and values here\(hint)"))
        }
    }

    /// Reads the mapping beneath `key`, if it is there; its problems and unknown keys become this reader's.
    mutating func section(_ key: String, orAuto: Bool = false, read: (inout MappingReader) -> Void) {
        guard let value = value(key) else { return }
        var reader = MappingReader(file: file, path: qualified(key), node: value, orAuto: orAuto)
        read(&reader)
        problems += reader.finished()
    }

    /// Reads each mapping of the list beneath `key`, if it is there; their problems become this reader's.
    mutating func sections(_ key: String, read: (inout MappingReader) -> Void) {
        guard let value = value(key) else { return }
        guard let items = value.sequence else { return report(value, key, "expected a list, an item for each") }
        for (index, item) in items.enumerated() {
            var reader = MappingReader(file: file, path: "\(qualified(key))[\(index)]", node: item)
            read(&reader)
            problems += reader.finished()
        }
    }

    /// Whether there is anything behind the key.
    func has(_ key: String) -> Bool { mapping?[Node(key)] != nil }

    /// Adds a problem with what stands at `key`, or with the mapping as a whole where that is empty.
    mutating func report(_ key: String, _ message: String) {
        let place = PipelineProblem(
            file: file, line: Self.line(mapping?[Node(key)] ?? node), key: key.isEmpty ? path : qualified(key),
            message: message)
        problems.append(place)
    }

    mutating func text(_ key: String) -> String? {
        scalar(key, expected: "text") { $0.string.isEmpty ? nil : $0.string }
    }

    /// A text that must be there; `meaning` says what it is.
    mutating func required(_ key: String, _ meaning: String) -> String? {
        guard mapping?[Node(key)] != nil else {
            known.append(key)
            problems.append(
                PipelineProblem(
                    file: file, line: Self.line(node), key: qualified(key), message: "is missing: \(meaning)"))
            return nil
        }
        return text(key)
    }

    mutating func oneOf<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        let choices = Choice.allCases.map(\.rawValue)
        return scalar(key, expected: choices.joined(separator: " or "), near: choices) { Choice(rawValue: $0.string) }
    }

    mutating func oneOf(_ key: String, names: [String]) -> String? {
        scalar(key, expected: names.joined(separator: ", "), near: names) {
            names.contains($0.string) ? $0.string : nil
        }
    }

    mutating func duration(_ key: String) -> Duration? {
        scalar(key, expected: "a duration above 0, such as 100ms") {
            Duration(text: $0.string).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    mutating func energy(_ key: String) -> Joules? {
        scalar(key, expected: "an energy above 0, such as 2J") {
            Joules(text: $0.string).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    mutating func power(_ key: String, aboveZero: Bool = false) -> Watts? {
        scalar(key, expected: "a power\(aboveZero ? " above 0" : ""), such as 4W") {
            Watts(text: $0.string).flatMap { $0 > .zero || !aboveZero && $0 == .zero ? $0 : nil }
        }
    }

    mutating func memory(_ key: String) -> Int? {
        scalar(key, expected: "an amount of memory, such as 2 GiB") { bytes(text: $0.string) }
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        scalar(key, expected: "a number from \(rounded(range.lowerBound)) to \(rounded(range.upperBound))") {
            Double($0.string).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        scalar(key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0.string).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func flag(_ key: String) -> Bool? {
        scalar(key, expected: "true or false") { Bool($0.string) }
    }

    mutating func size(_ key: String) -> PictureSize? {
        scalar(key, expected: "a size such as 640x480") { PictureSize(text: $0.string) }
    }

    mutating func address(_ key: String) -> PageAddress? {
        scalar(key, expected: "an address and a port, such as 127.0.0.1:8077") { PageAddress(text: $0.string) }
    }

    mutating func format(_ key: String) -> PixelFormat? {
        let names = PixelFormat.cameraNames
        return scalar(key, expected: "one of \(names.joined(separator: ", "))", near: names) {
            PixelFormat(cameraName: $0.string)
        }
    }

    /// A list of texts; one text alone counts as a list of one.
    mutating func texts(_ key: String) -> [String]? {
        list(key, expected: "a name or a list of names") { $0.isEmpty ? nil : $0 }
    }

    /// A list of choices; one alone counts as a list of one.
    mutating func each<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> [Choice]?
    where Choice.RawValue == String {
        let choices = Choice.allCases.map(\.rawValue)
        return list(key, expected: "one or more of \(choices.joined(separator: ", "))", near: choices) {
            Choice(rawValue: $0)
        }
    }

    /// A list of choices, or `auto`.
    mutating func eachOrAuto<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _: Choice.Type
    ) -> ListOrAuto<Choice>? where Choice.RawValue == String {
        if isAuto(key) { return .auto }
        let choices = Choice.allCases.map(\.rawValue)
        let expected = "auto, or one or more of \(choices.joined(separator: ", "))"
        return list(key, expected: expected, near: choices + [Self.auto]) { Choice(rawValue: $0) }.map { .these($0) }
    }

    /// A list of whole numbers, or `auto`; one number alone counts as a list of one.
    mutating func integersOrAuto(_ key: String, in range: ClosedRange<Int>) -> ListOrAuto<Int>? {
        if isAuto(key) { return .auto }
        let expected = "auto, or whole numbers from \(range.lowerBound) to \(range.upperBound)"
        return list(key, expected: expected, near: [Self.auto]) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
            .map { .these($0) }
    }

    /// Whether the value of `key` is the word `auto`.
    mutating func isAuto(_ key: String) -> Bool { value(key)?.scalar?.string == Self.auto }

    /// All problems, with one for each key that was never asked for.
    consuming func finished() -> [PipelineProblem] {
        for (key, _) in mapping ?? [:] {
            let name = key.string ?? ""
            guard !known.contains(name) else { continue }
            let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" }
            problems.append(
                PipelineProblem(
                    file: file, line: Self.line(key), key: qualified(name),
                    message: "unknown key\(nearest ?? "; known here: \(known.joined(separator: ", "))")"))
        }
        return problems
    }

    mutating func value(_ key: String) -> Node? {
        if !known.contains(key) { known.append(key) }
        return mapping?[Node(key)]
    }

    private mutating func scalar<Value>(
        _ key: String, expected: String, near choices: [String] = [], parse: (Node.Scalar) -> Value?
    ) -> Value? {
        guard let node = value(key) else { return nil }
        if let scalar = node.scalar, let value = parse(scalar) { return value }
        let found = node.scalar.map { "`\($0.string)`" } ?? "a list or keys"
        let nearest = nearestWord(to: node.scalar?.string ?? "", in: choices).map { "; did you mean `\($0)`?" } ?? ""
        report(node, key, "expected \(expected), found \(found)\(nearest)")
        return nil
    }

    private mutating func list<Value>(
        _ key: String, expected: String, near choices: [String] = [], parse: (String) -> Value?
    ) -> [Value]? {
        guard let node = value(key) else { return nil }
        let items = node.sequence.map { Array($0) } ?? [node]
        var values: [Value] = []
        for item in items {
            guard let value = item.scalar.flatMap({ parse($0.string) }) else {
                let found = item.scalar.map { ", found `\($0.string)`" } ?? ""
                let nearest = nearestWord(to: item.scalar?.string ?? "", in: choices)
                report(item, key, "expected \(expected)\(found)\(nearest.map { "; did you mean `\($0)`?" } ?? "")")
                return nil
            }
            values.append(value)
        }
        if !values.isEmpty { return values }
        report(node, key, "expected \(expected)")
        return nil
    }

    mutating func report(_ node: Node, _ key: String, _ message: String) {
        problems.append(PipelineProblem(file: file, line: Self.line(node), key: qualified(key), message: message))
    }

    private func qualified(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
