import Foundation
import Testing

@testable import Sinks

@Suite(.enabled(if: isInstalled("python3"), "skipped: there is no python3 to serve"))
struct WebhookEndTests {
    private let notices = Notices()
    private let scratch: ScratchFolder
    private let port = freePort()

    init() throws { scratch = try ScratchFolder() }

    private func server(_ plan: [String] = [], certificate: String = "-") throws -> Companion {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("webhook_server.py").path
        let server = try Companion("python3", [script, "\(port)", scratch.path("log"), certificate] + plan)
        #expect(eventually { isListening(port) })
        return server
    }

    private func delivery(
        _ change: (inout WebhookEnd.Options) -> Void = { _ in }
    ) throws -> Delivery {
        var options = WebhookEnd.Options(url: "http://127.0.0.1:\(port)/hook")
        change(&options)
        return Delivery(
            to: try WebhookEnd(options), name: "test", spool: try Spool(path: scratch.path("spool"), limit: 1 << 20),
            limits: .quick, logger: notices.logger)
    }

    private var bodies: [String] { scratch.lines("log").compactMap { $0.split(separator: " ").first.map(String.init) } }
    private func body(_ number: Int) -> String { "{\"sequence\":\(number)}" }

    @Test func errorsHangsAndSlowAnswersLoseNothing() throws {
        let server = try server(["500", "slow", "hang", "slow", "503", "429"])
        let delivery = try delivery { $0.timeout = .seconds(1) }
        for number in 0..<20 { delivery.send(message(number)) }
        #expect(eventually { delivery.counts.sent == 20 })
        delivery.finish()
        #expect(bodies == (0..<20).map(body))
        #expect(notices.all.contains("answers 500"))
        #expect(notices.all.contains("no answer within 1000 ms"))
        server.end()
    }

    @Test func aServerThatIsAwayGetsAllWhenItIsBack() throws {
        let delivery = try delivery()
        for number in 0..<20 { delivery.send(message(number)) }
        #expect(eventually { notices.all.contains("Failed to connect") })
        let server = try server()
        #expect(eventually { delivery.counts.sent == 20 })
        delivery.finish()
        #expect(bodies == (0..<20).map(body))
        server.end()
    }

    @Test func aBatchIsAnArray() throws {
        let server = try server(["500"])
        let delivery = try delivery { $0.batch = 100 }
        for number in 0..<250 { delivery.send(message(number)) }
        #expect(eventually { delivery.counts.waiting == 0 })
        delivery.finish()
        let arrays = try bodies.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [[String: Int]])
        }
        #expect(arrays.flatMap { $0 }.compactMap { $0["sequence"] } == Array(0..<250))
        #expect(arrays.allSatisfy { $0.count <= 100 })
        server.end()
    }

    @Test func whatTheServerRefusesIsDroppedAndSaid() throws {
        let server = try server(["ok", "422"])
        let delivery = try delivery()
        for number in 0..<4 { delivery.send(message(number)) }
        delivery.finish()
        #expect(bodies == [0, 2, 3].map(body))
        #expect(delivery.counts == DeliveryCounts(sent: 3, dropped: 1))
        #expect(notices.all.contains("answers 422; what it refused is dropped"))
        server.end()
    }

    @Test func theTokenIsSentAndNeverShown() throws {
        try "topsecret\n".write(toFile: scratch.path("token"), atomically: true, encoding: .utf8)
        let server = try server(["401"])
        let delivery = try delivery { $0.token = .file(scratch.path("token")) }
        delivery.send(message(1))
        #expect(eventually { delivery.counts.sent == 1 })
        delivery.finish()
        #expect(scratch.lines("log") == ["\(body(1)) Bearer topsecret application/json"])
        #expect(notices.all.contains("answers 401") && !notices.all.contains("topsecret"))
        server.end()
    }

    @Test func aCertificateThatNobodyVouchesForIsNotTrusted() throws {
        let certificate = try Certificate(in: scratch)
        let server = try server(certificate: certificate.bundle)
        let url = "https://127.0.0.1:\(port)/"
        let stranger = try delivery { $0.url = url }
        stranger.send(message(1))
        #expect(eventually { notices.all.contains("certificate") })
        stranger.finish()
        #expect(stranger.counts == DeliveryCounts(waiting: 1))
        var options = WebhookEnd.Options(url: url)
        options.authority = certificate.authority
        let friend = Delivery(to: try WebhookEnd(options), name: "test", limits: .quick, logger: notices.logger)
        friend.send(message(2))
        friend.finish()
        #expect(friend.counts == DeliveryCounts(sent: 1))
        server.end()
    }

    @Test func addressesWithPasswordsAreRefused() {
        #expect(WebhookEnd.origin(of: "https://me:secret@example.org/") == nil)
        #expect(WebhookEnd.origin(of: "ftp://example.org/") == nil)
        #expect(WebhookEnd.origin(of: "https://example.org:444/a?token=1") == "https://example.org:444")
    }
}
