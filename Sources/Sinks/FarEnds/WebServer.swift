import CCurl
import Foundation

/// An address that JSON is sent to by HTTP POST, through libcurl. Certificates are verified, redirects are not
/// followed.
///
/// For one thread at a time; keeps its connection from one request to the next.
public final class WebServer {
    /// The most bytes of an answer that are kept.
    private static let longestAnswer = 16 << 10
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let timeout: Duration
    private let handle: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let answer = UnsafeMutablePointer<heed_curl_answer>.allocate(capacity: 1)

    /// Prepares requests; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - timeout: How long a request may take in all.
    ///   - token: Sent as `Authorization: Bearer …`.
    ///   - authority: A file of certificates to trust instead of the system's.
    /// - Throws: `SinksError` with `badConfiguration`.
    public init(
        url: String, timeout: Duration, token: String? = nil, authority: String? = nil
    ) throws(SinksError) {
        guard Self.isReady, let handle = curl_easy_init() else {
            throw SinksError(.badConfiguration, "libcurl does not start")
        }
        self.handle = handle
        self.timeout = timeout
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        answer.initialize(
            to: heed_curl_answer(
                bytes: .allocate(capacity: Self.longestAnswer), length: 0, capacity: Self.longestAnswer))
        var lines = ["Content-Type: application/json", "User-Agent: heed", "Expect:"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        for line in lines { headers = curl_slist_append(headers, line) }
        let results = [
            heed_curl_set_text(handle, CURLOPT_URL, url),
            heed_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            heed_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers),
            heed_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
            heed_curl_set_number(handle, CURLOPT_TIMEOUT_MS, timeout.inMilliseconds),
            heed_curl_set_number(handle, CURLOPT_NOSIGNAL, 1),
            heed_curl_set_number(handle, CURLOPT_SSL_VERIFYPEER, 1),
            heed_curl_set_number(handle, CURLOPT_SSL_VERIFYHOST, 2),
            heed_curl_keep_answer(handle, answer),
            authority.map { heed_curl_set_text(handle, CURLOPT_CAINFO, $0) } ?? CURLE_OK,
        ]
        guard results.allSatisfy({ $0 == CURLE_OK }) else {
            throw SinksError(.badConfiguration, "libcurl does not take the options of requests")
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        errorText.deallocate()
        answer.pointee.bytes.deallocate()
        answer.deallocate()
    }

    /// Sends a body and waits for the answer.
    ///
    /// - Returns: Its status, and its beginning.
    /// - Throws: `DeliveryFailure` where none came in time, or the server is not who it says.
    public func post(_ body: [UInt8]) throws(DeliveryFailure) -> (status: Int, body: [UInt8]) {
        answer.pointee.length = 0
        errorText[0] = 0
        let result = body.withUnsafeBytes { bytes in
            _ = heed_curl_set_number(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            _ = heed_curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return curl_easy_perform(handle)
        }
        guard result == CURLE_OK else {
            if result == CURLE_OPERATION_TIMEDOUT {
                throw DeliveryFailure("no answer within \(timeout.inMilliseconds) ms")
            }
            let detail = String(cString: errorText)
            throw DeliveryFailure(detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail)
        }
        let kept = UnsafeRawBufferPointer(start: answer.pointee.bytes, count: answer.pointee.length)
        return (heed_curl_status(handle), Array(kept))
    }
}

extension Duration {
    /// Whole milliseconds, at least 1.
    var inMilliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
