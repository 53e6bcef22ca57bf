import Foundation
import Media

/// What the capture thread of this process's camera has had of the processor, by the kernel's own books.
struct CaptureThreadTime {
    /// The nanoseconds on a processor.
    let processor: Int64
    /// When they were read.
    let moment = MonotonicTime.now()

    /// Reads them; the thread must run.
    init(threadName: String = "heed-camera") throws {
        let folder = "/proc/self/task"
        for thread in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(thread)"
            guard let name = try? String(contentsOfFile: "\(path)/comm", encoding: .utf8),
                name.trimmingCharacters(in: .newlines) == threadName,
                let time = try String(contentsOfFile: "\(path)/schedstat", encoding: .utf8)
                    .split(separator: " ").first.flatMap({ Int64($0) })
            else { continue }
            processor = time
            return
        }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "\(folder)/*/comm with \(threadName)"])
    }
}
