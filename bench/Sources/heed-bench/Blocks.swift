import Foundation

/// Measures when told to, so that `bench/run` can let two programs take turns.
///
/// Each line of standard input is a number of repetitions; each answer is one line of JSON: the nanoseconds that every
/// repetition took, for each of its pieces. The peers in `bench/peers` speak the same.
enum Blocks {
    static func serve(_ block: (_ repetitions: Int) throws -> [String: [Int64]]) throws {
        try answer(["ready": []])
        while let line = readLine() {
            guard let repetitions = Int(line) else { break }
            try answer(try block(repetitions))
        }
    }

    private static func answer(_ times: [String: [Int64]]) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(times) + Data("\n".utf8))
    }
}
