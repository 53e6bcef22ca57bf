import Glibc

/// The first bytes of a file, which say what a container promises.
struct FileHead {
    private let bytes: [UInt8]
    private let path: String

    /// Reads the bytes; none where that fails.
    init(_ path: String) {
        self.path = path
        bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
            close(descriptor)
        }
    }

    /// Whether this is an MP4 file or its kin, which FFmpeg also takes a file for by its name alone.
    var isMP4: Bool {
        let boxes = ["ftyp", "moov", "mdat", "wide", "free", "skip"].map { Array($0.utf8) }
        return boxes.contains(Array(bytes.dropFirst(4).prefix(4)))
    }

    /// The size of a RIFF file (AVI, WAV) by its header; nil when it was never finished.
    var riffSize: Int? {
        guard bytes.count >= 12, Array(bytes.prefix(4)) == Array("RIFF".utf8) else { return nil }
        let size = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
        // Who writes without knowing the end leaves 0 or a number around 2 or 4 GiB.
        let isOpen = size == 0 || (0x7FFF_0000...0x8001_0000).contains(size) || size >= 0xFFFF_0000
        return isOpen ? nil : size + 8
    }

    /// Whether a WAV file goes on after the end that its header names, by more than a padding byte, or its sound does.
    var hasMoreThanItsHeaderSays: Bool {
        guard bytes.count >= 12, Array(bytes[8..<12]) == Array("WAVE".utf8),
            case .file(let size)? = try? FileSystem.kind(of: path)
        else { return false }
        if let promised = riffSize, size > promised + 1 { return true }
        // What follows the sound is another chunk, which begins with its name, or nothing.
        guard let end = soundEnd, end + 8 < size else { return false }
        var name = [UInt8](repeating: 0, count: 4)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard pread(descriptor, &name, 4, off_t(end)) == 4 else { return false }
        return !name.allSatisfy { (UInt8(ascii: " ")...UInt8(ascii: "z")).contains($0) }
    }

    /// Where a WAV file's sound ends by the header of its chunk; nil when that is open, or further than this head.
    private var soundEnd: Int? {
        var position = 12
        while position + 8 <= bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[position + 4 + $1]) << (8 * $1) }
            if Array(bytes[position..<position + 4]) == Array("data".utf8) {
                return size == 0 || size >= 0x7FFF_0000 ? nil : position + 8 + size + size % 2
            }
            position += 8 + size + size % 2
        }
        return nil
    }

    /// The size of a Matroska file by its header, the end of the segment; nil when that was left open, as live
    /// recordings do.
    ///
    /// An EBML head and the segment's head: each an ID, then a size, both of variable length (RFC 8794, 4 to 6).
    var matroskaSize: Int? {
        var position = 0
        func number(keepingMarker: Bool) -> (value: Int, isUnknown: Bool)? {
            guard position < bytes.count else { return nil }
            let length = bytes[position].leadingZeroBitCount + 1
            guard length <= 8, position + length <= bytes.count else { return nil }
            var value = keepingMarker ? Int(bytes[position]) : Int(bytes[position]) & (0xFF >> length)
            for byte in bytes[position + 1..<position + length] { value = value << 8 | Int(byte) }
            position += length
            return (value, value == (1 << (7 * length)) - 1)
        }
        guard number(keepingMarker: true)?.value == 0x1A45_DFA3, let header = number(keepingMarker: false),
            !header.isUnknown
        else { return nil }
        position += header.value
        guard number(keepingMarker: true)?.value == 0x1853_8067, let segment = number(keepingMarker: false),
            !segment.isUnknown
        else { return nil }
        return position + segment.value
    }
}
