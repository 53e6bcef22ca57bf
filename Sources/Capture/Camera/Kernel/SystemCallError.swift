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
