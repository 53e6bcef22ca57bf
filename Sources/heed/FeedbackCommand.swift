import Alert
import ArgumentParser
import Dashboard
import Foundation
import Pipelines
import Sinks

/// `heed feedback`: tells a running heed what its newest answer was worth.
struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "Tell a running heed whether its newest answer was of use.",
        discussion: """
            The policy `bandit` learns from it. heed must run with --page on the same address.

            Examples:
              heed watch --policy bandit --page
              heed feedback good
              heed feedback good --page https://camera.example:8077 --page-token-file page.token
            """)

    @Argument(help: "good, or bad.")
    var feedback: Feedback

    @Option(help: "The stream it is about: frames or speech. Default: the only one.")
    var stream: SampleResult.Stream?

    @Option(
        help: """
            Where the page is, with https:// before it where it is served with TLS; or the address that heed printed. \
            Default: 127.0.0.1:8077.
            """,
        transform: pageTarget)
    var page: PageTarget?

    @Option(help: "A file that holds the page's token, where it asks for one.")
    var pageTokenFile: String?

    @Option(
        help: "A file of certificates in PEM to trust instead of the system's, such as the page's own. Implies TLS.")
    var certificate: String?

    private struct Body: Encodable {
        let good: Bool
        let stream: String?
    }

    func run() throws {
        let page = page ?? PageTarget()
        guard certificate == nil || page.isEncrypted != false else {
            throw ValidationError("--certificate goes with https://, not with --page http://\(page.address)")
        }
        let scheme = page.isEncrypted ?? (certificate != nil) ? "https" : "http"
        let server = try WebServer(
            url: "\(scheme)://\(page.address)/api/feedback", timeout: .seconds(5),
            token: try pageTokenFile.map { try PageToken(file: $0).text } ?? page.token, authority: certificate)
        let body = try JSONEncoder().encode(Body(good: feedback == .good, stream: stream?.rawValue))
        let answer = try answer(of: server, to: [UInt8](body), at: "\(page.address)")
        guard answer.status == 200 else {
            let reason = try? JSONDecoder().decode([String: String].self, from: Data(answer.body))["error"]
            throw PipelinesError(
                .badConfiguration,
                "\(page.address): \(reason.map(Self.asOption) ?? "the page answered with status \(answer.status)")")
        }
    }

    private func answer(
        of server: WebServer, to body: [UInt8], at address: String
    ) throws(PipelinesError) -> (status: Int, body: [UInt8]) {
        do {
            return try server.post(body)
        } catch {
            let advice =
                error.reason.contains("certificate")
                ? "name the certificate it is to be trusted by with --certificate"
                : "start heed with --page, or name its address"
            throw PipelinesError(.badConfiguration, "\(address): no page answers there (\(error.reason)); \(advice)")
        }
    }

    /// What the page says of a key in a request, said of this command's option.
    static func asOption(_ reason: String) -> String {
        reason.hasPrefix("stream: ") ? "--" + reason : reason
    }
}

/// Where a page is, and whether it is served with TLS; nil where that was not said.
struct PageTarget {
    var address = PageAddress()
    var isEncrypted: Bool?
    /// The token behind the address, if there is one.
    var token: String?
}

/// Reads the address of a page, also as a browser shows it or heed prints it, with a path and a token.
@Sendable private func pageTarget(_ text: String) throws -> PageTarget {
    var (rest, isEncrypted) = (Substring(text), Bool?.none)
    for (scheme, value) in [("https://", true), ("http://", false)] where rest.hasPrefix(scheme) {
        (rest, isEncrypted) = (rest.dropFirst(scheme.count), value)
    }
    let place = rest.prefix { $0 != "/" && $0 != "?" }
    let query = rest.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
    let token = query.split(separator: "&").first { $0.hasPrefix("token=") }?.dropFirst("token=".count)
    // Told without the query: a token is nobody else's to read.
    guard let address = PageAddress(text: String(place)) else {
        throw PageAddressError(text: String(text.prefix { $0 != "?" }))
    }
    return PageTarget(address: address, isEncrypted: isEncrypted, token: token.map { String($0) })
}
