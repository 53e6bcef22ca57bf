import Glibc

/// A system call that failed.
struct SystemCallError: Error, Hashable, CustomStringConvertible {
    /// The name of the call.
    let call: String
    /// What `errno` held right after it.
    let number: Int32

    var description: String { "\(call): \(reason)" }

    /// The kernel's words for the number.
    var reason: String { String(cString: strerror(number)) }
}

extension CaptureError {
    /// Says that the process lacks what capture needs of the kernel, for a camera or a microphone.
    init(_ device: String, lacks error: SystemCallError) {
        let advice =
            switch error.number {
            case EMFILE, ENFILE: " Close some files, or raise `ulimit -n`."
            case EAGAIN: " End some programs, or raise `ulimit -u`."
            default: ""
            }
        self.init(.failed, "\(device): \(error).\(advice)")
    }
}
