import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore

/// A connection that speaks TLS, and tells those who do not.
struct EncryptedChannel: ServerChildChannel {
    let base: TLSChannel<HTTP1Channel>

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(PlainRequestRefusal())
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Stands before TLS: who speaks plain HTTP is told where to go, in place of a handshake that breaks off.
final class PlainRequestRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let answer: String = {
        let body = #"{"error":"this page is served with TLS; ask for it by https://"}"#
        return "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }()
    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isRefused { return }
        let bytes = unwrapInboundIn(data)
        // A method begins with a letter, a handshake with byte 22 (RFC 8446, section 5.1).
        guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self),
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
        else {
            context.fireChannelRead(data)
            return context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        isRefused = true
        let done = context.eventLoop.makePromise(of: Void.self)
        let here = NIOLoopBound(context, eventLoop: context.eventLoop)
        // From here outward: TLS has nothing to say goodbye to.
        done.futureResult.whenComplete { _ in here.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: done)
    }
}
