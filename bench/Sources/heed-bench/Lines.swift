import Foundation

/// Answers when asked, so that `bench/run` can let several programs take turns.
///
/// Each line of standard input is a question; each answer is one line of JSON. The first line of output says that all
/// is loaded. The peers in `bench/peers` speak the same.
enum Lines {
    static func serve(_ answer: (String) throws -> some Encodable) throws {
        try write(["ready": [Int]()])
        while let line = readLine() { try write(answer(line)) }
    }

    private static func write(_ answer: some Encodable) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(answer) + Data("\n".utf8))
    }
}
