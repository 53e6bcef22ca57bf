import Glibc

/// Looks at a shared library's file before the system's loader does.
///
/// The loader maps what the file's headers name, and a program that touches a page past the end of a file that was cut
/// off dies of SIGBUS.
/// Source: Tool Interface Standard, "Executable and Linking Format", 1.2, and elf(5).
enum SharedLibrary {
    /// What is wrong with the file; nil where it is as long as it says it is.
    static func fault(in path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return String(cString: strerror(errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return String(cString: strerror(errno)) }
        var header = Elf64_Ehdr()
        guard pread(file, &header, MemoryLayout<Elf64_Ehdr>.size, 0) == MemoryLayout<Elf64_Ehdr>.size,
            withUnsafeBytes(of: header.e_ident, { $0.starts(with: [0x7f] + "ELF".utf8) }),
            header.e_ident.4 == UInt8(ELFCLASS64)
        else { return "is no shared library of 64 bits" }
        let size = UInt64(status.st_size)
        let segments = (header.e_phoff, UInt64(header.e_phnum) * UInt64(header.e_phentsize))
        let sections = (header.e_shoff, UInt64(header.e_shnum) * UInt64(header.e_shentsize))
        for (offset, length) in [segments, sections] {
            let (end, overflow) = offset.addingReportingOverflow(length)
            if overflow || end > size { return "is cut off: it has \(size) bytes of \(end)" }
        }
        for index in 0..<UInt64(header.e_phnum) {
            var segment = Elf64_Phdr()
            let place = header.e_phoff + index * UInt64(header.e_phentsize)
            guard pread(file, &segment, MemoryLayout<Elf64_Phdr>.size, off_t(place)) == MemoryLayout<Elf64_Phdr>.size
            else { return "cannot be read" }
            let (end, overflow) = segment.p_offset.addingReportingOverflow(segment.p_filesz)
            if overflow || end > size { return "is cut off: it has \(size) bytes of \(end)" }
        }
        return nil
    }
}
