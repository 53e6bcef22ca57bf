import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Pipelines

/// What goes on for as long as somebody looks: events, and the preview.
struct LiveRoutes: Sendable {
    /// What the kernel may keep of a stream that it has not sent: little, so that a slow viewer is told what is new and
    /// one that reads nothing is soon known.
    private static let unsent = 32 << 10
    private static let boundary = "heed-frame"
    private static let eventType = "text/event-stream"
    private static let pictureType = "multipart/x-mixed-replace; boundary=\(boundary)"

    let desk: RunDesk
    let hub: EventHub
    let preview: PreviewFeed
    let register: ViewerRegister

    func add(to router: Router<PageContext>) {
        router.get("/api/events") { request, context in
            let lastSeen = request.headers[.lastEventID].flatMap { Int($0) }
            return events(after: hub.start(lastSeen: lastSeen), over: context.channel)
        }
        router.get("/preview.mjpeg") { _, context -> Response in
            pictureRefusal ?? pictures(over: context.channel)
        }
        // Not made of the above, which count a viewer for as long as the connection is open.
        router.head("/api/events") { _, _ in Self.head(Self.eventType) }
        router.head("/preview.mjpeg") { _, _ -> Response in
            pictureRefusal?.createHeadResponse() ?? Self.head(Self.pictureType)
        }
    }

    /// What to answer in place of pictures where there are none.
    private var pictureRefusal: Response? {
        guard let controls = desk.controls, controls[.frames] == nil else { return nil }
        return .refusal(.notFound, "this run has no frames to look at")
    }

    /// An answer without a body.
    private static func head(_ type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type, .cacheControl: "no-store"])
    }

    private func events(after start: Int, over channel: any Channel) -> Response {
        stream(Self.eventType, over: channel) { writer, watch in
            try await watch.write([ByteBuffer(string: "retry: 1000\n\n")], to: &writer)
            var seen = start
            while !Task.isCancelled {
                let batch = hub.events(after: seen)
                if batch.skipped > 0 { register.skip(batch.skipped) }
                if let last = batch.events.last {
                    seen = last.id
                    try await watch.write(batch.events.map(\.bytes), to: &writer)
                } else if hub.isClosed {
                    return
                } else {
                    await hub.news(after: seen)
                }
            }
        }
    }

    private func pictures(over channel: any Channel) -> Response {
        stream(Self.pictureType, over: channel) { writer, watch in
            preview.count(1)
            defer { preview.count(-1) }
            var seen = preview.newest
            while !Task.isCancelled, !hub.isClosed, let (picture, number) = await preview.next(after: seen) {
                seen = number
                let head =
                    "--\(Self.boundary)\r\nContent-Type: image/jpeg\r\nContent-Length: \(picture.readableBytes)\r\n\r\n"
                try await watch.write(
                    [ByteBuffer(string: head), picture, ByteBuffer(string: "\r\n")], to: &writer)
            }
        }
    }

    /// An answer that goes on until the viewer leaves, or takes nothing for too long.
    private func stream(
        _ type: String, over channel: any Channel,
        _ serve: @escaping @Sendable (inout any ResponseBodyWriter, WriteWatch) async throws -> Void
    ) -> Response {
        guard register.enter() else {
            return Response.refusal(
                .serviceUnavailable, "\(ViewerRegister.capacity) are looking already; close another page first"
            ).closing(channel)
        }
        // Counted down with the connection: the body of an answer to one that is gone is never asked for.
        channel.closeFuture.whenComplete { _ in register.leave() }
        let body = ResponseBody { writer in
            _ = try? await channel.setOption(.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: Self.unsent).get()
            let watch = WriteWatch()
            let watching = watch.watch(channel)
            defer {
                watching.cancel()
                if watch.hasDropped { register.drop() }
                // What has no end has no next request either.
                channel.close(promise: nil)
            }
            try await serve(&writer, watch)
        }
        return Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store", .connection: "close"], body: body)
    }
}

extension Response {
    /// This answer, after which the connection is closed: who is refused room is not to take any.
    fileprivate func closing(_ channel: any Channel) -> Response {
        var last = self
        last.headers[.connection] = "close"
        last.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            channel.close(promise: nil)
        }
        return last
    }
}
