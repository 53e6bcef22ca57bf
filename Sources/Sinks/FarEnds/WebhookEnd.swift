import CCurl
import Foundation

/// A web server that gets messages by HTTP POST, as JSON: one object, or an array of several.
///
/// 2xx means that it has them. 5xx, 3xx, 401, 403, 404, 408 and 429 and all failures of the network are tried again; any
/// other status is a refusal. Certificates are verified, redirects are not followed.
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
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil
        else { return nil }
        return "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    public let batch: Int
    private let isArray: Bool
    private let timeout: Duration
    private let handle: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    /// Not the messages' fault, and likely to pass.
    private static let passing: Set<Int> = [401, 403, 404, 408, 425, 429]

    /// Prepares requests; nothing is sent yet.
    ///
    /// - Throws: `SinksError` with `badConfiguration`, or `noSecret` when the token cannot be read.
    public init(_ options: Options) throws(SinksError) {
        guard Self.isReady, let handle = curl_easy_init() else {
            throw SinksError(.badConfiguration, "libcurl does not start")
        }
        self.handle = handle
        batch = options.batch
        isArray = options.batch > 1
        timeout = options.timeout
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard Self.origin(of: options.url) != nil else {
            throw SinksError(.badConfiguration, "the webhook's url is none of http:// or https:// without a password")
        }
        var lines = ["Content-Type: application/json", "User-Agent: heed", "Expect:"]
        if let token = options.token { lines.append("Authorization: Bearer \(try token.read())") }
        for line in lines { headers = curl_slist_append(headers, line) }
        let results = [
            heed_curl_set_text(handle, CURLOPT_URL, options.url),
            heed_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            heed_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers),
            heed_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
            heed_curl_set_number(handle, CURLOPT_TIMEOUT_MS, options.timeout.inMilliseconds),
            heed_curl_set_number(handle, CURLOPT_NOSIGNAL, 1),
            heed_curl_set_number(handle, CURLOPT_SSL_VERIFYPEER, 1),
            heed_curl_set_number(handle, CURLOPT_SSL_VERIFYHOST, 2),
            heed_curl_discard_answer(handle),
            options.authority.map { heed_curl_set_text(handle, CURLOPT_CAINFO, $0) } ?? CURLE_OK,
        ]
        guard results.allSatisfy({ $0 == CURLE_OK }) else {
            throw SinksError(.badConfiguration, "libcurl does not take the webhook's options")
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    public func open() throws(DeliveryFailure) {}
    public func close() {}

    public func send(_ messages: [Message]) throws(DeliveryFailure) {
        let body = isArray ? [91] + messages.map(\.body).joined(separator: [44]) + [93] : messages.flatMap(\.body)
        let result = body.withUnsafeBytes { bytes in
            _ = heed_curl_set_number(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            _ = heed_curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            errorText[0] = 0
            return curl_easy_perform(handle)
        }
        guard result == CURLE_OK else {
            if result == CURLE_OPERATION_TIMEDOUT {
                throw DeliveryFailure("no answer within \(timeout.inMilliseconds) ms")
            }
            let detail = String(cString: errorText)
            throw DeliveryFailure(detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail)
        }
        let status = heed_curl_status(handle)
        switch status {
        case 200..<300: return
        case 300..<400: throw DeliveryFailure("answers \(status), a redirect; give the address it leads to")
        case 400..<500 where !Self.passing.contains(status):
            throw DeliveryFailure("answers \(status)", isRefusal: true)
        default: throw DeliveryFailure("answers \(status)")
        }
    }
}

extension Duration {
    /// Whole milliseconds, at least 1.
    var inMilliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
