import HTTPTypes
import Hummingbird
import Pipelines

/// Whose requests are answered. Pure: a request's head goes in, a verdict comes out.
///
/// A page on this machine alone still has enemies: other pages in the same browser. One can send requests to any
/// address (their `Origin` gives them away), and one can have its own name point to this machine (its `Host` does).
struct PageRules: Sendable {
    enum Verdict: Equatable {
        case answered
        /// The token was in the address: it moves into a cookie, and the page is loaded without it.
        case welcomed
        case refused(HTTPResponse.Status, String)
    }

    /// Where the page is served.
    let address: PageAddress
    /// What viewers must know; nil on this machine alone.
    let token: PageToken?
    /// Whether it is served with TLS.
    var isEncrypted = false

    /// Paths that tell nothing but that heed lives, for whoever supervises it.
    private static let open: Set<String> = ["/healthz", "/readyz"]

    func verdict(on request: HTTPRequest, path: String, token claim: String?) -> Verdict {
        guard let host = request.authority, let named = PageAddress(text: host) else {
            return .refused(.badRequest, "Host: is missing or malformed; name the page's own address")
        }
        if address.isLoopback, !named.isLoopback {
            return .refused(
                .misdirectedRequest, "this page is served to 127.0.0.1 alone, not to the name it was asked for by")
        }
        let isRead = request.method == .get || request.method == .head
        if let origin = request.headerFields[.origin], !isOwn(origin, host: host) {
            return .refused(.forbidden, "Origin: requests from other pages are refused")
        }
        let site = request.headerFields[.secFetchSite]
        let isNavigation = isRead && request.headerFields[.secFetchMode] == "navigate"
        if site == "cross-site" || site == "same-site", !isNavigation {
            return .refused(.forbidden, "Sec-Fetch-Site: requests from other pages are refused")
        }
        if !isRead, request.headerFields[.contentType]?.hasPrefix("application/json") != true {
            return .refused(.unsupportedMediaType, "Content-Type: expected application/json")
        }
        guard let token, !Self.open.contains(path) else { return .answered }
        if let claim {
            return token.matches(claim)
                ? .welcomed : .refused(.unauthorized, "token: is wrong; heed printed the right one, or its file has it")
        }
        if knowsToken(request, token) { return .answered }
        return .refused(.unauthorized, "a token is needed; open the page's address with ?token=… behind it")
    }

    private func isOwn(_ origin: String, host: String) -> Bool {
        // Without TLS of its own the page may stand behind a proxy that has it.
        origin == "https://\(host)" || (!isEncrypted && origin == "http://\(host)")
    }

    private func knowsToken(_ request: HTTPRequest, _ token: PageToken) -> Bool {
        if let bearer = request.headerFields[.authorization], bearer.hasPrefix("Bearer ") {
            return token.matches(bearer.dropFirst(7))
        }
        let name = PageToken.cookie(isEncrypted: isEncrypted)
        let cookies = request.headerFields[values: .cookie].flatMap { $0.split(separator: ";") }
        return cookies.contains { cookie in
            let parts = cookie.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0].drop(while: \.isWhitespace) == name
                && token.matches(parts[1])
        }
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let secFetchMode = known("Sec-Fetch-Mode")
    static let frameOptions = known("X-Frame-Options")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    static let referrerPolicy = known("Referrer-Policy")
    static let lastEventID = known("Last-Event-ID")

    /// A name that is well-formed as it stands in the source.
    private static func known(_ name: String) -> Self {
        guard let known = Self(name) else { preconditionFailure("\(name) is no name of a header field") }
        return known
    }
}
