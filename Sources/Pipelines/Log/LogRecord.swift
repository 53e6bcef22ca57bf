import Foundation
import Logging

/// A log event with its time, as it is written.
struct LogRecord {
    /// The label of heed's own events, whose messages are whole sentences and stand alone.
    static let ownLabel = "heed"
    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    var time: Date
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: Logger.Metadata

    /// A line for a person: the message, after the label of who says it where that is not heed itself. What is below
    /// `info` is for those who look for a fault, and has its level and metadata too.
    var text: String {
        let said = label == Self.ownLabel ? message : "\(label): \(message)"
        if level >= .error { return "Error: \(said)" }
        guard level < .info else { return said }
        let details = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        return "[\(level)] \(said)\(details)"
    }

    /// A JSON object in one line.
    var json: String {
        var line = JSONLine()
        line.object { line in
            line.field("time", time.formatted(Self.timeStyle))
            line.field("level", level.rawValue)
            line.field("label", label)
            line.field("message", message)
            guard !metadata.isEmpty else { return }
            line.object("metadata") { $0.members(metadata) }
        }
        return String(decoding: line.bytes, as: UTF8.self)
    }

    /// The line in a format.
    func line(as format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }
}

extension JSONLine {
    fileprivate mutating func members(_ metadata: Logger.Metadata) {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            name(key)
            add(value)
        }
    }

    private mutating func add(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): element(text)
        case .stringConvertible(let value):
            switch value {
            case let number as any FixedWidthInteger: element(literal: number.description)
            case let flag as Bool: element(literal: flag.description)
            default: element(value.description)
            }
        case .dictionary(let metadata): object { $0.members(metadata) }
        case .array(let values): list { line in for value in values { line.add(value) } }
        }
    }
}
