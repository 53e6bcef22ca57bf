import Foundation

/// A web server that gets messages by HTTP POST, as JSON: one object, or an array of several.
///
/// 2xx means that it has them. 5xx, 3xx, 401, 403, 404, 408 and 429 and all failures of the network are tried again;
/// any other status is a refusal. Certificates are verified, redirects are not followed.
public final class WebhookEnd: FarEnd {
    /// What there is to know of the server.
    public struct Options: Sendable, Hashable {
        /// `http://` or `https://`, without a user or a password in it.
        public var url: String
        /// The most messages in one request; an array is sent where that is above 1, even of one.
        public var batch = 1
        /// How long a request may take in all.
        public var timeout = Duration.seconds(10)
        /// Sent as `Authorization: Bearer …`.
        public var token: Secret?
        /// A file of certificates to trust instead of the system's.
        public var authority: String?

        /// A server with every default.
        public init(url: String) { self.url = url }
    }

    /// The server's part of the address: the rest of one may be a secret.
    public static func origin(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
            parts.port.map((1...65535).contains) ?? true
        else { return nil }
        return "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    public let batch: Int
    private let isArray: Bool
    private let server: WebServer

    /// Not the messages' fault, and likely to pass.
    private static let passing: Set<Int> = [401, 403, 404, 408, 425, 429]

    /// Prepares requests; nothing is sent yet.
    ///
    /// - Throws: `SinksError` with `badConfiguration`, or `noSecret` when the token cannot be read.
    public init(_ options: Options) throws(SinksError) {
        batch = options.batch
        isArray = options.batch > 1
        guard Self.origin(of: options.url) != nil else {
            throw SinksError(.badConfiguration, "the webhook's url is none of http:// or https:// without a password")
        }
        server = try WebServer(
            url: options.url, timeout: options.timeout,
            token: try options.token.map { secret throws(SinksError) in
                try secret.read()
            }, authority: options.authority)
    }

    public func open() throws(DeliveryFailure) {}
    public func close() {}

    public func send(_ messages: [Message]) throws(DeliveryFailure) {
        let body = isArray ? [91] + messages.map(\.body).joined(separator: [44]) + [93] : messages.flatMap(\.body)
        let status = try server.post(body).status
        switch status {
        case 200..<300: return
        case 300..<400: throw DeliveryFailure("answers \(status), a redirect; give the address it leads to")
        case 400..<500 where !Self.passing.contains(status):
            throw DeliveryFailure("answers \(status)", isRefusal: true)
        default: throw DeliveryFailure("answers \(status)")
        }
    }
}
