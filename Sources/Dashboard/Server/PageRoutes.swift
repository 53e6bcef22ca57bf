import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// The page's files, and what it asks and says.
struct PageRoutes: Sendable {
    let desk: RunDesk
    let register: ViewerRegister

    func add(to router: Router<PageContext>) {
        for file in PageFile.all {
            let response = file.response
            router.get("\(RouterPath(file.path))") { _, _ in response }
        }
        router.get("/api/state") { _, _ in Response.json(desk.read().json) }
        router.get("/api/stats") { _, _ in Response.json(desk.figures(viewers: register.counts.now).json) }
        router.get("/api/openapi.json") { _, _ in Response.json(PageFile.openAPI) }
        router.post("/api/goals") { request, context in try await change(request, context, desk.changeGoal) }
        router.post("/api/feedback") { request, context in try await change(request, context, desk.judge) }
        router.post("/api/replay") { request, context in try await change(request, context, desk.replay) }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: desk.metrics(viewers: register.counts))))
        }
        router.get("/healthz") { _, _ in Response.json(Array(#"{"ok":true}"#.utf8)) }
        router.get("/readyz") { _, _ in
            desk.isRunning
                ? Response.json(Array(#"{"ready":true}"#.utf8))
                : .refusal(.serviceUnavailable, "no samples are recognised now")
        }
    }

    /// Does what a request's body asks for, and answers with the state it leads to.
    private func change(
        _ request: Request, _ context: PageContext, _ change: (Data, String) throws -> Void
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: RequestLimits.body)
        try change(Data(body.readableBytesView), context.viewer)
        return .json(desk.read().json)
    }
}
