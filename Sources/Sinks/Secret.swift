import Foundation

/// Where a password or a token is to be found. It is never written in a pipeline file, nor shown.
public enum Secret: Sendable, Hashable {
    /// The first line of a file.
    case file(String)
    /// The first line of an environment variable.
    case variable(String)

    /// The longest secret that is read.
    private static let longest = 4096

    /// Reads it.
    ///
    /// - Throws: `SinksError` with `noSecret`, which names the place, never what is in it.
    public func read() throws(SinksError) -> String {
        switch self {
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw SinksError(.noSecret, "\(path): the file with the secret cannot be read")
            }
            let data = (try? handle.read(upToCount: Self.longest)) ?? Data()
            guard let line = Self.firstLine(of: String(decoding: data, as: UTF8.self)) else {
                throw SinksError(.noSecret, "\(path): there is no secret in this file")
            }
            return line
        case .variable(let name):
            guard let line = Self.firstLine(of: ProcessInfo.processInfo.environment[name] ?? "") else {
                throw SinksError(.noSecret, "the environment variable \(name), which holds the secret, is not set")
            }
            return line
        }
    }

    /// The first line that is not empty.
    private static func firstLine(of text: String) -> String? {
        text.split(whereSeparator: \.isNewline).first.map { String($0) }
    }
}
