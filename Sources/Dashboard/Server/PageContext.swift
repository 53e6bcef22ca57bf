import Hummingbird
import HummingbirdCore
import NIOCore

/// What is known of a request beside itself: who sent it, and over which connection.
struct PageContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The viewer's address, for people to read.
    var viewer: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}
