private import FoundationEssentials
private import Glibc

/// Writes a trace block by block, so that what was measured survives a crash but for the last block.
///
/// For one owner at a time. Samples not yet in a block are written by `flush`; a writer that goes away without it
/// leaves them out.
public struct TraceWriter: ~Copyable {
    /// What the trace says of itself.
    public let header: TraceHeader
    /// How many samples there are, those not yet on disk included.
    public private(set) var count: Int
    /// What was cut off a trace that was resumed, in words.
    public let omission: String?
    private let file: TraceFile
    private let layout: TraceLayout
    private let samplesPerBlock: Int
    private var offset: Int
    private var rows = ContiguousArray<Float>()

    /// Begins a trace.
    /// - Parameters:
    ///   - path: a file that does not exist yet, unless `replaces`.
    ///   - samplesPerBlock: how many samples are at stake in a crash, 1 to 65536.
    /// - Throws: `TracesError` with code `notWritable` or `damaged`.
    public init(
        path: String, header: TraceHeader, samplesPerBlock: Int = 64, replaces: Bool = false
    ) throws(TracesError) {
        try header.check()
        let text: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            text = [UInt8](try encoder.encode(header))
        } catch {
            throw TracesError(.notWritable, "\(path): the header has a figure that is no number: \(error)")
        }
        guard text.count <= TraceLimits.headerBytes else {
            throw TracesError(.notWritable, "\(path): a header of \(text.count) bytes is too large")
        }
        let file = try TraceFile(path, flags: O_RDWR | O_CREAT | (replaces ? 0 : O_EXCL))
        try file.lock()
        try file.truncate(to: 0)
        var bytes = TraceFile.magic
        bytes.append(littleEndian: UInt32(text.count))
        bytes.append(littleEndian: TraceFile.checksum(text))
        try file.write(bytes + text, at: 0)
        self.file = file
        self.header = header
        layout = TraceLayout(header)
        self.samplesPerBlock = Self.bounded(samplesPerBlock, layout)
        offset = bytes.count + text.count
        count = 0
        omission = nil
    }

    /// Goes on with a trace that was begun; a last block that is not whole is cut off.
    /// - Throws: `TracesError` as reading it does, or with code `notWritable`.
    public init(resuming path: String, samplesPerBlock: Int = 64) throws(TracesError) {
        let file = try TraceFile(path, flags: O_RDWR)
        try file.lock()
        let (header, start) = try TraceBlocks.header(of: file)
        var blocks = TraceBlocks(header, from: start)
        while try blocks.next(in: file) != nil {}
        try file.truncate(to: blocks.offset)
        self.file = file
        self.header = header
        layout = blocks.layout
        self.samplesPerBlock = Self.bounded(samplesPerBlock, blocks.layout)
        offset = blocks.offset
        count = blocks.samples
        omission = blocks.omission
    }

    private static func bounded(_ samples: Int, _ layout: TraceLayout) -> Int {
        min(max(samples, 1), TraceLimits.samplesPerBlock, max(TraceLimits.blockBytes / (layout.columns * 4), 1))
    }

    /// Takes in one sample; writes a block when there are enough.
    /// - Throws: `TracesError` with code `damaged` for a sample that cannot be, or `notWritable`.
    public mutating func append(_ sample: Trace.Sample) throws(TracesError) {
        try layout.append(sample, header, to: &rows)
        count += 1
        if rows.count == samplesPerBlock * layout.columns { try flush() }
    }

    /// Takes in all samples of a trace with the same header, and writes them.
    /// - Throws: `TracesError` with code `notWritable`, also for another header.
    public mutating func append(_ trace: Trace) throws(TracesError) {
        guard trace.header == header else {
            throw TracesError(.notWritable, "\(file.path): a trace of another machine, environment or candidates")
        }
        for sample in 0..<trace.count {
            rows.append(contentsOf: trace.figures[(sample * layout.columns)..<((sample + 1) * layout.columns)])
            count += 1
            if rows.count == samplesPerBlock * layout.columns { try flush() }
        }
        try flush()
    }

    /// Writes the samples that are not in a block yet, and waits until the disk has them.
    public mutating func flush() throws(TracesError) {
        let samples = rows.count / layout.columns
        guard samples > 0 else { return }
        var columns: [UInt8] = []
        columns.reserveCapacity(rows.count * 4)
        for column in 0..<layout.columns {
            for row in 0..<samples {
                columns.append(littleEndian: rows[row * layout.columns + column].bitPattern)
            }
        }
        var head = TraceFile.blockMagic
        head.append(littleEndian: UInt32(count - samples))
        head.append(littleEndian: UInt32(samples))
        head.append(littleEndian: TraceFile.checksum(columns))
        try file.write(head + columns, at: offset)
        try file.synchronize()
        offset += head.count + columns.count
        rows.removeAll(keepingCapacity: true)
    }
}
