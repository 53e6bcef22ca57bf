import Foundation
import Pipelines

/// A JSON object that was sent: hands out checked values by key, and refuses keys that nobody asked for.
struct PageRequest {
    /// A value, as far as requests have such.
    private enum Value: Decodable {
        case nothing
        case flag(Bool)
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .nothing
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        var words: String {
            switch self {
            case .nothing: "null"
            case .flag(let flag): "\(flag)"
            case .number(let number): "\(number)"
            case .text(let text): "`\(text.prefix(40))`"
            }
        }
    }

    private let values: [String: Value]
    private var known: [String] = []

    /// Reads a request's body.
    init(_ body: Data) throws(DashboardError) {
        do {
            values = try JSONDecoder().decode([String: Value].self, from: body)
        } catch {
            throw DashboardError(
                .badRequest,
                "the body is no JSON object of texts, numbers, true and false; send one such as "
                    + "{\"good\": true}")
        }
    }

    /// Whether a key is there, be it with `null`.
    mutating func has(_ key: String) -> Bool {
        known.append(key)
        return values[key] != nil
    }

    mutating func text(_ key: String, oneOf choices: [String]) throws(DashboardError) -> String? {
        guard let value = value(key) else { return nil }
        if case .text(let text) = value {
            if choices.contains(text) { return text }
            let nearest = nearestWord(to: text, in: choices).map { "; did you mean `\($0)`?" } ?? ""
            throw wrong(key, "expected \(choices.joined(separator: ", ")), found \(value.words)\(nearest)")
        }
        throw wrong(key, "expected \(choices.joined(separator: ", ")), found \(value.words)")
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) throws(DashboardError) -> Double? {
        guard let value = value(key) else { return nil }
        guard case .number(let number) = value, range.contains(number) else {
            throw wrong(key, "expected a number from \(range.lowerBound) to \(range.upperBound), found \(value.words)")
        }
        return number
    }

    mutating func integer(_ key: String) throws(DashboardError) -> Int? {
        guard let number = try number(key, in: 0...1e15) else { return nil }
        guard number == number.rounded() else { throw wrong(key, "expected a whole number, found \(number)") }
        return Int(number)
    }

    mutating func flag(_ key: String) throws(DashboardError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .flag(let flag) = value else { throw wrong(key, "expected true or false, found \(value.words)") }
        return flag
    }

    /// Throws where a key is left that was never asked for.
    func finished() throws(DashboardError) {
        guard let unknown = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        let nearest = nearestWord(to: unknown, in: known).map { "; did you mean `\($0)`?" }
        throw wrong(unknown, "unknown key\(nearest ?? "; known here: \(known.joined(separator: ", "))")")
    }

    private mutating func value(_ key: String) -> Value? {
        known.append(key)
        guard let value = values[key] else { return nil }
        if case .nothing = value { return nil }
        return value
    }

    private func wrong(_ key: String, _ message: String) -> DashboardError {
        DashboardError(.badRequest, "\(key.prefix(40)): \(message)")
    }
}
