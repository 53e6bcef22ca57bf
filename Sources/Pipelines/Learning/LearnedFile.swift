import Alert
import Foundation
import Glibc

/// A file in which what policies learned outlives runs: JSON, at most 16 memories, the newest last.
struct LearnedFile {
    /// A policy's memory, and the stream that it is of.
    struct Entry: Codable, Hashable {
        var stream: SampleResult.Stream
        var memory: PolicyMemory

        /// Whether the other one takes this one's place.
        func isReplaced(by other: Entry) -> Bool {
            stream == other.stream && memory.isReplaced(by: other.memory)
        }
    }

    private struct Contents: Codable {
        var format: String
        var learned: [Entry]
    }

    private static let format = "heed-learned/1"
    /// A memory of 256 candidates takes less than 1 MiB.
    private static let largest = 16 << 20
    /// The most memories that are kept; the oldest go.
    static let capacity = 16
    private static let advice = "name another file with --learned, or none"

    let path: String

    /// What it holds; nothing where there is no file.
    ///
    /// - Throws: `PipelinesError` of code `badMemory` when the file is there, but is not one of these.
    func load() throws(PipelinesError) -> [Entry] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let contents: Contents
        do {
            contents = try JSONDecoder().decode(Contents.self, from: readBounded(path, limit: Self.largest))
        } catch let error as PipelinesError {
            throw PipelinesError(
                .badMemory, "\(error.message), not what policies learned; \(Self.advice)", cause: error)
        } catch {
            throw unusable("not readable as what policies learned", cause: error)
        }
        guard contents.format == Self.format else {
            throw unusable("of another version (format `\(contents.format)`, expected `\(Self.format)`)")
        }
        guard contents.learned.count <= Self.capacity else {
            throw unusable("holds \(contents.learned.count) memories, \(Self.capacity) at most")
        }
        return contents.learned
    }

    /// Takes in entries beside what it holds; whole or not at all, and what was there before stays until then.
    ///
    /// - Throws: `PipelinesError` of code `badMemory`.
    func add(_ entries: [Entry]) throws(PipelinesError) {
        // Read again: another run may have kept something since, and none may while this one writes.
        let folder = (path.resolvingLinks as NSString).deletingLastPathComponent
        let turn = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(turn) }
        flock(turn, LOCK_EX)
        let others = try load().filter { known in !entries.contains { known.isReplaced(by: $0) } }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let learned = Array((others + entries).suffix(Self.capacity))
            try OutputFiles.replace(path, with: encoder.encode(Contents(format: Self.format, learned: learned)))
        } catch {
            let reason = (error as? PipelinesError)?.message ?? "\(path): \(error)"
            throw PipelinesError(
                .badMemory,
                "\(reason). What was learned is not kept, what was there before still is; free some space, or name another "
                    + "file with --learned", cause: error)
        }
    }

    /// Sees that it can be written, before hours are spent on learning; heed's own folder is made, one that was named
    /// must be there.
    func prepare(makingFolder: Bool) throws(PipelinesError) {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if makingFolder {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try OutputFiles.checkTakesFiles(folder)
        } catch {
            let reason = (error as? PipelinesError)?.message ?? error.localizedDescription
            throw PipelinesError(
                .badMemory, "\(path): what is learned cannot be kept here (\(reason)); \(Self.advice)", cause: error)
        }
    }

    /// That it cannot be used as it is.
    func unusable(_ what: String, cause: (any Error)? = nil) -> PipelinesError {
        PipelinesError(.badMemory, "\(path): \(what); remove it to learn anew, or \(Self.advice)", cause: cause)
    }
}
