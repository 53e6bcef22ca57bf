import Foundation
import Glibc

/// A command that reads messages from its standard input.
///
/// A message counts as sent when the command has read all of it; so one that ends loses none, but may have seen the
/// last one already. It runs in a process group of its own, and what it prints goes to heed's standard error.
public final class CommandEnd: FarEnd {
    public let batch = 1
    public let attention: Duration? = .seconds(1)

    /// How long it has to end by itself after its input has ended, and again after it was asked to.
    private static let patience = Duration.seconds(2)
    /// Linux's `F_SETPIPE_SZ`, which the C library hides from Swift.
    private static let setPipeSize: CInt = 1031
    /// Held while a pipe is made that no other command may inherit: the C library hides `pipe2` from Swift.
    private static let spawning = NSLock()
    private let arguments: [String]
    private let timeout: Duration
    private var process: pid_t = 0
    /// Both ends of the pipe: the one that it reads from tells how much it has not read yet.
    private var pipe: (reading: CInt, writing: CInt) = (-1, -1)

    /// Makes an end; nothing runs yet.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments; a single text is run by `/bin/sh`.
    ///   - timeout: How long it may leave a message unread before it is ended and started anew.
    public init(_ command: [String], timeout: Duration = .seconds(10)) {
        arguments = command.count == 1 ? ["/bin/sh", "-c"] + command : command
        self.timeout = timeout
    }

    deinit { close() }

    public func open() throws(DeliveryFailure) {
        if process != 0, let ending = ending() { throw DeliveryFailure("the command \(ending)") }
        guard process == 0 else { return }
        if let failure = Self.spawning.withLock({ makePipe() }) {
            throw DeliveryFailure("a pipe: \(words(of: failure))")
        }
        // Nobody waits in a write, and little is on its way when the command ends.
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        _ = fcntl(pipe.writing, Self.setPipeSize, 4096)
        if let failure = Self.spawning.withLock({ spawn() }) {
            closePipe()
            throw DeliveryFailure("\(arguments[0]): \(words(of: failure))")
        }
        // One that cannot work at all mostly ends at once.
        for _ in 0..<10 {
            pause(.milliseconds(5))
            if let ending = ending() { throw DeliveryFailure("the command \(ending)") }
        }
    }

    public func send(_ messages: [Message]) throws(DeliveryFailure) {
        for (index, message) in messages.enumerated() {
            do {
                try write(message.body)
            } catch {
                stop(after: .zero)
                throw DeliveryFailure(error.reason, sent: index)
            }
        }
    }

    public func attend() throws(DeliveryFailure) { try open() }

    public func close() { stop(after: Self.patience) }

    /// Writes all bytes and waits until they are read.
    private func write(_ bytes: [UInt8]) throws(DeliveryFailure) {
        let deadline = ContinuousClock.now + timeout
        var written = 0
        var wait = Duration.microseconds(50)
        while true {
            if written < bytes.count {
                let count = bytes[written...].withUnsafeBytes { Glibc.write(pipe.writing, $0.baseAddress, $0.count) }
                if count > 0 {
                    written += count
                    continue
                }
                guard count >= 0 || [EAGAIN, EINTR].contains(errno) else { throw DeliveryFailure(words(of: errno)) }
            } else if unread == 0 {
                return
            }
            if let ending = ending() { throw DeliveryFailure("the command \(ending)") }
            guard deadline > .now else {
                throw DeliveryFailure("the command has not read for \(timeout.inMilliseconds) ms and is started anew")
            }
            pause(wait)
            wait = min(wait * 2, .milliseconds(5))
        }
    }

    private var unread: CInt {
        var count: CInt = 0
        return ioctl(pipe.reading, UInt(FIONREAD), &count) == 0 ? count : 0
    }

    /// How the command ended, if it did; nothing of it is left then.
    private func ending() -> String? {
        guard process != 0 else { return "is not running" }
        var status: CInt = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        process = 0
        closePipe()
        let signal = status & 0x7f
        return signal == 0 ? "ended with status \((status >> 8) & 0xff)" : "was ended by signal \(signal)"
    }

    private func stop(after patience: Duration) {
        guard process != 0 else { return }
        closePipe()
        for signal in [0, SIGTERM, SIGKILL] {
            let group = -process
            if signal != 0 { kill(group, signal) }
            let deadline = ContinuousClock.now + (signal == 0 ? patience : Self.patience)
            repeat {
                if ending() != nil { return }
                pause(.milliseconds(5))
            } while deadline > .now
        }
        process = 0
    }

    /// Makes the pipe; returns the error number when that fails.
    private func makePipe() -> CInt? {
        var ends: [CInt] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return errno }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = (ends[0], ends[1])
        return nil
    }

    private func closePipe() {
        for descriptor in [pipe.reading, pipe.writing] where descriptor >= 0 { Glibc.close(descriptor) }
        pipe = (-1, -1)
    }

    /// Starts the command; returns the error number when that fails.
    private func spawn() -> CInt? {
        var files = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&files)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&files)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&files, pipe.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO)
        // Ctrl-C is heed's: the command gets what there is to the end. Signals are as they are for any other program.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let failure = posix_spawnp(&process, arguments[0], &files, &attributes, &pointers, environ)
        if failure != 0 { process = 0 }
        return failure == 0 ? nil : failure
    }
}
