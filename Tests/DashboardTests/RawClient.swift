import Foundation
import Glibc
import Testing

/// A socket to a page that says whatever a test wants said.
final class RawClient {
    private let socket: CInt

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0, "the page does not take the connection")
    }

    deinit { close(socket) }

    /// Sends bytes; what the page no longer takes is left out.
    func send(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    /// Sends a request without a body, and waits for nothing.
    func get(_ path: String, host: String = "127.0.0.1", _ headers: String...) {
        send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(headers.map { "\($0)\r\n" }.joined())\r\n".utf8)
    }

    /// Sends a request with a body in JSON.
    func post(_ path: String, _ body: String, host: String = "127.0.0.1", _ headers: String...) {
        send(
            ("POST \(path) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\(headers.map { "\($0)\r\n" }.joined())\r\n\(body)").utf8)
    }

    /// What comes, with plain line feeds, until `isEnough`, the end of the connection or `seconds` without a word; and
    /// whether it has ended.
    func receive(
        seconds: Int = 60, until isEnough: (String) -> Bool = { _ in false }
    ) -> (text: String, hasEnded: Bool) {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if isEnough(text) { return (text, false) }
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 { return (text, count == 0 || errno == ECONNRESET) }
            bytes += buffer[..<count].filter { $0 != UInt8(ascii: "\r") }
        }
    }

    /// The next answer, whole: its status and body.
    func answer() -> (status: Int, head: String, body: String) {
        var parts = ("", "")
        _ = receive { text in
            guard let end = text.range(of: "\n\n") else { return false }
            let head = String(text[..<end.lowerBound])
            let length =
                head.split(separator: "\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
            parts = (head, String(text[end.upperBound...]))
            return parts.1.utf8.count >= length
        }
        let status = parts.0.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return (status, parts.0, parts.1)
    }
}
