import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Answers nobody but whom the rules allow, and gives each answer the headers that keep browsers strict.
struct PageGuard: RouterMiddleware {
    /// Nothing from elsewhere, and nothing inline.
    private static let policy =
        "default-src 'self'; img-src 'self' blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    let rules: PageRules
    let refusals: RefusalLog

    func handle(
        _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        let claim = request.uri.queryParameters["token"].map { String($0) }
        switch rules.verdict(on: request.head, path: request.uri.path, token: claim) {
        case .refused(let status, let reason):
            refusals.note(status, reason, to: context.viewer, for: request.uri.path)
            response = .refusal(status, reason)
        case .welcomed:
            response = Response(status: .seeOther, headers: [.location: "/"])
            response.headers[.setCookie] =
                "\(PageToken.cookie(isEncrypted: rules.isEncrypted))=\(claim ?? ""); Path=/; HttpOnly; "
                + "SameSite=Strict; Max-Age=2592000" + (rules.isEncrypted ? "; Secure" : "")
        case .answered:
            do {
                response = try await next(request, context)
            } catch let error as DashboardError {
                response = .refusal(.badRequest, error.message)
            } catch let error as any HTTPResponseError {
                response = .refusal(error.status, "\(request.head.method) \(request.uri.path): \(error.status)")
            }
        }
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.frameOptions] = "DENY"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.resourcePolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

extension Response {
    private struct Refusal: Encodable {
        let error: String
    }

    /// Says why a request is not answered.
    static func refusal(_ status: HTTPResponse.Status, _ reason: String) -> Response {
        .json(Refusal(error: reason).json, status: status)
    }

    /// An answer in JSON.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
