public import Foundation
import Glibc

/// The files that a run writes, checked before it starts, so that hours of work do not end in an error.
public enum OutputFiles {
    /// Refuses outputs that would overwrite an input or each other.
    ///
    /// Files are compared by device and inode, so that links do not deceive. Devices and pipes may be named freely.
    public static func check(_ outputs: [String], inputs: [String]) throws(PipelinesError) {
        var taken = inputs.compactMap { path in Identity(path).map { (path, $0) } }
        var names: Set<String> = []
        for path in outputs {
            guard names.insert(URL(fileURLWithPath: path).standardizedFileURL.path).inserted else {
                throw PipelinesError(
                    .badConfiguration, "\(path): is named for two outputs; each needs a file of its own")
            }
            guard let identity = Identity(path) else {
                try checkIsWritable((path as NSString).deletingLastPathComponent, for: path)
                continue
            }
            if identity.isRegularFile, let (other, _) = taken.first(where: { $0.1 == identity }) {
                throw PipelinesError(
                    .badConfiguration, "\(path): writing here would overwrite \(other); name another file")
            }
            try checkIsWritable(path, for: path)
            taken.append((path, identity))
        }
    }

    /// Writes a small file: a regular one whole or not at all, anything else (a pipe, a device) as it comes.
    ///
    /// - Throws: `PipelinesError` of code `resultsNotWritten`.
    public static func write(_ data: Data, to path: String) throws(PipelinesError) {
        do {
            if let identity = Identity(path), !identity.isRegularFile {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.write(contentsOf: data)
                try handle.close()
            } else {
                try data.write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        } catch {
            throw PipelinesError(
                .resultsNotWritten, "\(path): cannot be written: \(error.localizedDescription)", cause: error)
        }
    }

    /// Makes a file in a folder and removes it, which alone tells whether one can be made there.
    ///
    /// - Throws: `PipelinesError` of code `resultsNotWritten` where none can be.
    public static func checkTakesFiles(_ folder: String) throws(PipelinesError) {
        var template = Array("\(folder.isEmpty ? "." : folder)/.heed-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let failure = errno
        guard descriptor >= 0 else {
            throw PipelinesError(.resultsNotWritten, "no file can be made there: \(String(cString: strerror(failure)))")
        }
        close(descriptor)
        unlink(template)
    }

    private static func checkIsWritable(_ place: String, for path: String) throws(PipelinesError) {
        guard access(place.isEmpty ? "." : place, W_OK) != 0 else { return }
        let reason = String(cString: strerror(errno))
        throw PipelinesError(.resultsNotWritten, "\(path): cannot be written here: \(reason)")
    }

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
        let isRegularFile: Bool

        init?(_ path: String) {
            var info = stat()
            guard stat(path, &info) == 0 else { return nil }
            device = info.st_dev
            inode = info.st_ino
            isRegularFile = info.st_mode & S_IFMT == S_IFREG
        }
    }
}
