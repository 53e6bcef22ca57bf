import ArgumentParser

/// Measures when told to: each line is a number of repetitions, each answer the nanoseconds that every repetition took,
/// for each of its pieces.
enum Blocks {
    static func serve(_ block: (_ repetitions: Int) throws -> [String: [Int64]]) throws {
        try Lines.serve { line in
            guard let repetitions = Int(line) else {
                throw ValidationError("\(line): expected a number of repetitions")
            }
            return try block(repetitions)
        }
    }
}
