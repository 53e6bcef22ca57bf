import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections whose request is too large or takes too long to come, whatever becomes of it further in.
final class RequestLimits: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    /// The most bytes of a body.
    static let body = 16 << 10
    /// The most bytes of all header lines.
    static let head = 16 << 10
    /// How long a request may take to come, and a connection without one may stay.
    static let patience = TimeAmount.seconds(10)

    private var received = 0
    private var isRefused = false
    private var timer: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isRefused { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            received = 0
            let announced = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
            if announced > Self.body { return refuse(context) }
            let channel = context.channel
            timer = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        case .body(let bytes):
            received += bytes.readableBytes
            if received > Self.body { return refuse(context) }
        case .end:
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func refuse(_ context: ChannelHandlerContext) {
        isRefused = true
        timer?.cancel()
        let reason = ByteBuffer(string: #"{"error":"the body is too large; \#(Self.body) bytes are the most"}"#)
        var head = HTTPResponse(status: .contentTooLarge)
        head.headerFields[.contentType] = "application/json; charset=utf-8"
        head.headerFields[.contentLength] = "\(reason.readableBytes)"
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(reason)), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
