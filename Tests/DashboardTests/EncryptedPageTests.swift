import Foundation
import Testing

@testable import Dashboard
@testable import Pipelines

/// The page over TLS, as Debian's curl sees it.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct EncryptedPageTests {
    private let certificate: Certificate
    private static let token = "correct-horse-battery"

    init() throws { certificate = try Certificate() }

    /// Runs `body` with a page that has the certificate and asks for the token.
    private func served(_ body: @Sendable (ServedRun) throws -> Void) async throws {
        let token = try certificate.file("page.token", Self.token)
        try await BlockingExecutor.run { [certificate] in
            let run = try ServedRun(token: token, certificate: certificate.files)
            defer { run.end() }
            try body(run)
        }
    }

    /// Asks the page for something; its certificate is trusted unless `trust` names another, or none.
    private func curl(
        _ run: ServedRun, _ path: String, _ options: [String] = [], trust: String?? = .none
    ) throws -> (status: Int32, output: String, errors: String) {
        let authority = (trust ?? certificate.files.chain).map { ["--cacert", $0] } ?? []
        return try Tool.run(
            "curl", ["-sS", "-i", "--max-time", "20"] + authority + options + ["https://127.0.0.1:\(run.port)\(path)"])
    }

    @Test func `Who trusts the certificate is served, and nobody else`() async throws {
        let other = try Certificate()
        try await served { run in
            #expect(run.page.url.hasPrefix("https://127.0.0.1:"))
            #expect(try curl(run, "/healthz").output.hasPrefix("HTTP/1.1 200"))
            // 60: the server's certificate cannot be verified.
            let strangers = [
                try curl(run, "/healthz", trust: .some(nil)), try curl(run, "/healthz", trust: other.files.chain),
            ]
            #expect(strangers.map(\.status) == [60, 60])
        }
    }

    @Test func `TLS 1.2 and 1.3 are spoken, 1.1 is not`() async throws {
        try await served { run in
            for version in ["1.2", "1.3"] {
                let answer = try curl(run, "/healthz", ["--tlsv\(version)", "--tls-max", version])
                #expect(answer.status == 0, "\(version): \(answer.errors)")
            }
            // Debian's own refusal of it is taken away, so that it is the page's that is seen.
            let old = try curl(
                run, "/healthz", ["--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"])
            #expect(old.status == 35 && old.errors.contains("protocol version"), "\(old)")
        }
    }

    @Test func `The token moves into a cookie that is for TLS alone`() async throws {
        try await served { run in
            #expect(try curl(run, "/api/state").output.hasPrefix("HTTP/1.1 401"))
            let welcome = try curl(run, "/?token=\(Self.token)").output
            #expect(welcome.hasPrefix("HTTP/1.1 303"))
            let cookie = try #require(
                welcome.split(separator: "\r\n").first { $0.lowercased().hasPrefix("set-cookie:") })
            #expect(cookie.contains("__Host-heed_token=\(Self.token); Path=/;"))
            #expect(
                cookie.contains("; HttpOnly") && cookie.contains("; Secure") && cookie.contains("; SameSite=Strict"))
            #expect(!welcome.lowercased().contains("strict-transport-security"))
            let known = ["--cookie", "__Host-heed_token=\(Self.token)"]
            #expect(try curl(run, "/api/state", known).output.hasPrefix("HTTP/1.1 200"))
            let plain = ["--cookie", "heed_token=\(Self.token)"]
            #expect(try curl(run, "/api/state", plain).output.hasPrefix("HTTP/1.1 401"))
        }
    }

    @Test(arguments: [("https", "200"), ("http", "403")])
    func `The page's own origin has https in it`(scheme: String, status: String) async throws {
        try await served { run in
            let answer = try curl(
                run, "/api/goals",
                [
                    "-H", "Authorization: Bearer \(Self.token)", "-H", "Content-Type: application/json",
                    "-H", "Origin: \(scheme)://127.0.0.1:\(run.port)", "--data", #"{"deadline_ms":900}"#,
                ])
            #expect(answer.output.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
        }
    }

    @Test func `Events come over TLS`() async throws {
        try await served { run in
            let events = try curl(
                run, "/api/events", ["-N", "--max-time", "3", "-H", "Authorization: Bearer \(Self.token)"])
            #expect(events.output.contains("event: result"))
        }
    }

    @Test func `A request without TLS is told to come with it`() async throws {
        try await served { run in
            let client = try RawClient(port: run.port)
            client.get("/healthz")
            let answer = client.answer()
            #expect(answer.status == 400)
            #expect(answer.body.contains("ask for it by https://"))
            #expect(client.receive(seconds: 30).hasEnded)
            #expect(try curl(run, "/healthz").output.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `A handshake that takes too long is dropped, drop by drop or silent`() async throws {
        try await served { run in
            let (dripping, silent) = (try RawClient(port: run.port), try RawClient(port: run.port))
            // A handshake record of 512 bytes, of which a byte comes now and then.
            dripping.send([22, 3, 1, 2, 0, 1])
            var hasEnded = false
            for _ in 0..<40 where !hasEnded {
                dripping.send([0])
                hasEnded = dripping.receive(seconds: 1).hasEnded
            }
            #expect(hasEnded)
            #expect(silent.receive(seconds: 30).hasEnded)
            #expect(try curl(run, "/healthz").output.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `A certificate or key that is not fit is one error that names the file`() throws {
        let (chain, key) = (certificate.files.chain, certificate.files.key)
        let other = try Certificate()
        let broken = try certificate.file(
            "broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        let locked = certificate.files.key + ".locked"
        let made = try Tool.run("openssl", ["pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked])
        try #require(made.status == 0, "\(made.errors)")
        let cases: [(chain: String, key: String, words: String)] = [
            ("/nowhere/page.pem", key, "/nowhere/page.pem: cannot be read"),
            (chain, "/nowhere/key.pem", "/nowhere/key.pem: cannot be read"),
            (broken, key, "\(broken): holds no certificate in PEM"), (key, key, "\(key): holds no certificate in PEM"),
            (chain, chain, "\(chain): holds no private key in PEM"), ("/tmp", key, "/tmp: is no regular file"),
            (chain, locked, "\(locked): the key has a passphrase"),
            (chain, other.files.key, "\(other.files.key): is not the key of the certificate in \(chain)"),
        ]
        for (chain, key, words) in cases {
            let error = #expect(throws: DashboardError.self) { _ = try PageCertificate(.init(chain: chain, key: key)) }
            #expect(error?.code == .badCertificate)
            #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "none")")
        }
    }

    @Test(arguments: [(3.0, "expired at"), (-1.0, "is valid from")])
    func `A certificate is refused out of its time`(days: Double, words: String) throws {
        let now = Date(timeIntervalSinceNow: days * 86_400)
        let error = #expect(throws: DashboardError.self) { _ = try PageCertificate(certificate.files, now: now) }
        #expect(error?.message.contains(words) == true)
    }
}
