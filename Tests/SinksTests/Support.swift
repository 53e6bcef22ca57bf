import Foundation
import Glibc
import InMemoryLogging
import Logging

@testable import Sinks

/// A folder of the test's own, removed when the test lets go of it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heed-sinks-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func text(_ name: String) -> String { (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? "" }

    func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

    /// What all files in it take.
    var size: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            let size = try? FileManager.default.attributesOfItem(atPath: self.path(name))[.size]
            return sum + ((size as? Int) ?? 0)
        }
    }
}

/// A program that runs beside the test, and ends with it.
final class Companion {
    private let process = Process()

    init(_ program: String, _ arguments: [String], output: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The threads that tests run on have signals blocked, and so would the program.
        let unblock = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
        process.arguments = ["python3", "-c", unblock + "os.execvp(sys.argv[1], sys.argv[1:])", program] + arguments
        process.standardInput = FileHandle.nullDevice
        if let output {
            _ = FileManager.default.createFile(atPath: output, contents: nil)
            process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        } else {
            process.standardOutput = FileHandle.nullDevice
        }
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { end() }

    func end() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}

/// Waits until something is so; says whether it came to be so within some time, which is long so that it can fail only
/// where it never would.
func eventually(within time: Duration = .seconds(60), _ isSo: () -> Bool) -> Bool {
    let end = ContinuousClock.now + time
    while !isSo() {
        guard ContinuousClock.now < end else { return false }
        pause(.milliseconds(10))
    }
    return true
}

/// A port of the loopback that nobody listens on.
func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = bind(descriptor, $0, size)
            getsockname(descriptor, $0, &size)
        }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Whether somebody listens on a port of the loopback.
func isListening(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

/// The path of a program; Debian's brokers lie where ordinary users do not look.
func path(of program: String) -> String? {
    let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (places + ["/usr/sbin", "/usr/local/sbin"]).map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
}

func isInstalled(_ program: String) -> Bool { path(of: program) != nil }

func message(_ number: Int, topic: String = "frames") -> Message {
    Message(topic: topic, body: Array("{\"sequence\":\(number)}".utf8))
}

func line(_ number: Int) -> Message { Message(body: Array("line \(number)\n".utf8)) }

extension Delivery.Limits {
    /// Short waits, so that tests are.
    static var quick: Delivery.Limits {
        var limits = Delivery.Limits()
        limits.backOff = BackOff(first: .milliseconds(10), longest: .milliseconds(100))
        limits.grace = .seconds(30)
        return limits
    }
}

/// What a delivery said.
final class Notices: Sendable {
    private let handler = InMemoryLogHandler()
    var logger: Logger { Logger(label: "test") { [handler] _ in handler } }
    var all: String { handler.entries.map { "\($0.message)" }.joined(separator: "\n") }
}
