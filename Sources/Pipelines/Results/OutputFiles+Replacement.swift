import Foundation
import Glibc

extension OutputFiles {
    /// Replaces a file, or makes it: whole or not at all, also when the machine stops meanwhile.
    ///
    /// The new content is on the disk before it takes the old one's name. Where the name is a link, what it leads to is
    /// replaced. Who may read and write it stays as it was.
    ///
    /// - Throws: `PipelinesError` of code `resultsNotWritten`; the old file then stands as it was.
    static func replace(_ path: String, with data: Data) throws(PipelinesError) {
        let target = path.resolvingLinks
        var old = stat()
        let mode = stat(target, &old) == 0 ? old.st_mode & 0o777 : 0o644
        let new = "\(target).\(getpid()).new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure(path, errno) }
        var code = data.withUnsafeBytes { OutputFile.write($0, to: file) }
        if code == nil, fchmod(file, mode) != 0 || fsync(file) != 0 { code = errno }
        close(file)
        if code == nil, rename(new, target) != 0 { code = errno }
        if let code {
            unlink(new)
            throw failure(path, code)
        }
        // So that the name survives too.
        let folder = (target as NSString).deletingLastPathComponent
        let parent = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    private static func failure(_ path: String, _ code: CInt) -> PipelinesError {
        PipelinesError(.resultsNotWritten, "\(path): cannot be written: \(String(cString: strerror(code)))")
    }
}

extension String {
    /// The path that this one leads to by links; this one where it leads nowhere.
    var resolvingLinks: String {
        guard let path = realpath(self, nil) else { return self }
        defer { free(path) }
        return String(cString: path)
    }
}
