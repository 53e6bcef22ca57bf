private import FoundationEssentials

extension Trace {
    /// Reads a trace; the whole of it is held in memory.
    ///
    /// A last block that is not whole, as a crash leaves it, is left out, and `omission` says so.
    /// - Throws: `TracesError` with code `notFound`, `unreadable`, `notATrace` or `damaged`, whose message names the
    ///   file and the place.
    public init(contentsOf path: String) throws(TracesError) {
        let file = try TraceFile(path, flags: 0)
        let (header, start) = try TraceBlocks.header(of: file)
        var blocks = TraceBlocks(header, from: start)
        var figures = ContiguousArray<Float>()
        while let count = try blocks.next(in: file) { try blocks.transpose(count, into: &figures, path) }
        self.init(header: header, layout: blocks.layout, figures: figures, omission: blocks.omission)
    }
}

/// Walks through a file's blocks.
struct TraceBlocks: ~Copyable {
    let layout: TraceLayout
    /// Where the next block begins; after the last one, where another may be written.
    private(set) var offset: Int
    /// How many samples there were.
    private(set) var samples = 0
    /// Why the walk ended before the end of the file, in words.
    private(set) var omission: String?
    private let header: TraceHeader
    private var columns: [UInt8] = []

    init(_ header: TraceHeader, from offset: Int) {
        self.header = header
        self.offset = offset
        layout = TraceLayout(header)
    }

    /// What a file says of itself, and where its first block begins.
    static func header(of file: borrowing TraceFile) throws(TracesError) -> (TraceHeader, end: Int) {
        let path = file.path
        let prefix = try file.bytes(TraceFile.prefixBytes, at: 0)
        guard prefix.count == TraceFile.prefixBytes, prefix.starts(with: TraceFile.magic) else {
            let known = prefix.starts(with: TraceFile.magic.dropLast())
            throw TracesError(
                .notATrace,
                known
                    ? "\(path): a trace of a version that this heed does not read"
                    : "\(path): is no trace; `heed trace RECORDING` records one")
        }
        let length = Int(prefix.number(at: 8))
        guard (2...TraceLimits.headerBytes).contains(length) else {
            throw TracesError(
                .damaged, "\(path): a header of \(length) bytes, expected \(TraceLimits.headerBytes) at most")
        }
        let text = try file.bytes(length, at: TraceFile.prefixBytes)
        guard text.count == length, TraceFile.checksum(text) == prefix.number(at: 12) else {
            throw TracesError(.damaged, "\(path): its header is not what was written; record the trace again")
        }
        do {
            let header = try JSONDecoder().decode(TraceHeader.self, from: Data(text))
            try header.check()
            return (header, TraceFile.prefixBytes + length)
        } catch let error as TracesError {
            throw TracesError(error.code, "\(path): \(error.message)")
        } catch {
            throw TracesError(.damaged, "\(path): its header does not say what a trace says: \(error)")
        }
    }

    /// Reads the next block's columns.
    /// - Returns: how many samples it has; nil at the end, and before a last block that is not whole.
    mutating func next(in file: borrowing TraceFile) throws(TracesError) -> Int? {
        let path = file.path
        let head = try file.bytes(TraceFile.blockHeadBytes, at: offset)
        if head.isEmpty { return nil }
        guard head.count == TraceFile.blockHeadBytes else { return leaveOut(path, "its beginning") }
        guard head.starts(with: TraceFile.blockMagic) else {
            if try isLast(after: offset, in: file), head.allSatisfy({ $0 == 0 }) { return leaveOut(path, "nothing") }
            throw damage(path, "something else than a block begins at byte \(offset)")
        }
        let (first, count) = (Int(head.number(at: 4)), Int(head.number(at: 8)))
        let size = count * layout.columns * 4
        guard (1...TraceLimits.samplesPerBlock).contains(count), size <= TraceLimits.blockBytes else {
            throw damage(path, "a block of \(count) samples at byte \(offset)")
        }
        guard first == samples else { throw damage(path, "sample \(first) comes where \(samples) should") }
        guard (samples + count) * layout.columns * 4 <= TraceLimits.traceBytes else {
            throw TracesError(
                .unreadable, "\(path): has more than \(TraceLimits.traceBytes >> 20) MiB of figures; split it")
        }
        columns = try file.bytes(size, at: offset + TraceFile.blockHeadBytes)
        guard columns.count == size else { return leaveOut(path, "a part") }
        let end = offset + TraceFile.blockHeadBytes + size
        guard TraceFile.checksum(columns) == head.number(at: 12) else {
            if try isLast(after: end - 1, in: file) { return leaveOut(path, "a part") }
            throw damage(path, "the block at byte \(offset) is not what was written")
        }
        offset = end
        samples += count
        return count
    }

    private func isLast(after offset: Int, in file: borrowing TraceFile) throws(TracesError) -> Bool {
        try file.bytes(TraceFile.blockHeadBytes + 1, at: offset).count <= TraceFile.blockHeadBytes
    }

    private mutating func leaveOut(_ path: String, _ part: String) -> Int? {
        omission = "\(path): left out the last block, of which only \(part) was written; \(samples) samples are whole"
        return nil
    }

    private func damage(_ path: String, _ what: String) -> TracesError {
        TracesError(.damaged, "\(path): \(what), after \(samples) samples; record the trace again")
    }

    /// Appends the rows of the block that was read, from its columns.
    func transpose(_ count: Int, into figures: inout ContiguousArray<Float>, _ path: String) throws(TracesError) {
        let width = layout.columns
        let start = figures.count
        figures.append(contentsOf: repeatElement(0, count: count * width))
        columns.withUnsafeBytes { bytes in
            for column in 0..<width {
                for row in 0..<count {
                    let bits = bytes.loadUnaligned(fromByteOffset: (column * count + row) * 4, as: UInt32.self)
                    figures[start + row * width + column] = Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
        }
        for row in 0..<count {
            let fault = figures.withUnsafeBufferPointer { all in
                layout.fault(in: .init(rebasing: all[(start + row * width)..<(start + (row + 1) * width)]), header)
            }
            if let fault {
                throw TracesError(.damaged, "\(path): sample \(samples - count + row): \(fault)")
            }
        }
    }
}
