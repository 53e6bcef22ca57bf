import Glibc

/// A file of the kernel's that holds one number, kept open: reading it is one system call and takes no allocation.
struct NumberFile: ~Copyable, Sendable {
    private let file: CInt

    /// Opens the file.
    init(_ path: String, in files: KernelFiles) throws(CounterFailure) {
        file = open(files.root + path, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw .unreadable(errno) }
    }

    deinit { if file >= 0 { close(file) } }

    /// The number that it holds now.
    func read() throws(CounterFailure) -> Int64 {
        var buffer: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        return try withUnsafeMutableBytes(of: &buffer) { bytes throws(CounterFailure) in
            var count = pread(file, bytes.baseAddress, bytes.count, 0)
            while count < 0, errno == EINTR { count = pread(file, bytes.baseAddress, bytes.count, 0) }
            if count < 0 { throw .unreadable(errno) }
            if count == 0 { throw .empty }
            return try Self.number(UnsafeRawBufferPointer(bytes)[..<count])
        }
    }

    /// Decimal digits, perhaps with a minus before them and a line break behind.
    private static func number(_ text: Slice<UnsafeRawBufferPointer>) throws(CounterFailure) -> Int64 {
        var digits = text
        if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        // 18 digits always fit.
        guard (1...18).contains(digits.count) else { throw .malformed }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { throw .malformed }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }
}

/// The kernel's words for an error number.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
