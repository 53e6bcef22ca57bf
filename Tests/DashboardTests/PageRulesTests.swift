import Foundation
import HTTPTypes
import Pipelines
import Testing

@testable import Dashboard

/// The rules themselves, without a socket.
struct PageRulesTests {
    private let token: PageToken
    private let rules: PageRules

    init() throws {
        let path = NSTemporaryDirectory() + "heed-token-\(UUID().uuidString)"
        try "correct-horse-battery\nignored".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        token = try PageToken(file: path)
        rules = PageRules(address: try #require(PageAddress(text: "0.0.0.0:8077")), token: token)
    }

    private func request(_ headers: HTTPFields = [:], method: HTTPRequest.Method = .get) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "http", authority: "heed.lan:8077", path: "/", headerFields: headers)
    }

    @Test func `Without the token nothing is told but that heed lives`() {
        guard case .refused(.unauthorized, _) = rules.verdict(on: request(), path: "/api/state", token: nil) else {
            Issue.record("answered")
            return
        }
        #expect(rules.verdict(on: request(), path: "/healthz", token: nil) == .answered)
    }

    @Test func `The right token is let in: from the address once, then by its cookie, or by a header`() {
        #expect(rules.verdict(on: request(), path: "/", token: "correct-horse-battery") == .welcomed)
        let cookie = request([.cookie: "other=1; heed_token=correct-horse-battery"])
        #expect(rules.verdict(on: cookie, path: "/", token: nil) == .answered)
        let bearer = request([.authorization: "Bearer correct-horse-battery"])
        #expect(rules.verdict(on: bearer, path: "/metrics", token: nil) == .answered)
    }

    @Test(arguments: ["", "correct-horse-batter", "correct-horse-battery1", "Correct-horse-battery"])
    func `A wrong token is refused`(claim: String) {
        #expect(!token.matches(claim))
        guard case .refused(.unauthorized, _) = rules.verdict(on: request(), path: "/", token: claim) else {
            Issue.record("let in")
            return
        }
    }

    @Test func `Two tokens made here are never alike`() {
        #expect(PageToken().text != PageToken().text)
        #expect(PageToken().text.count == 32)
    }

    @Test(arguments: [
        ("127.0.0.1:8077", "127.0.0.1", 8077), ("9000", "127.0.0.1", 9000), ("[::1]:80", "::1", 80),
        ("heed.lan", "heed.lan", 8077), (":81", "127.0.0.1", 81),
    ])
    func `An address is read as people write it`(text: String, host: String, port: Int) throws {
        let address = try #require(PageAddress(text: text))
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: ["", "demo.mkv:x", "127.0.0.1:70000", "a b", "http://x", "x:-1"])
    func `What is no address is refused`(text: String) { #expect(PageAddress(text: text) == nil) }
}
