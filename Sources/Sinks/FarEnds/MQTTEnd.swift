import CMosquitto
import Foundation

/// An MQTT broker (MQTT 3.1.1).
///
/// Messages of quality 1 and 2 count as sent when the broker acknowledged them. `availability` says `online`, retained,
/// from the connection on, and `offline` after the end, or, as heed's last will, when the connection breaks.
public final class MQTTEnd: FarEnd {
    public let batch = 64
    public let attention: Duration? = .seconds(1)

    /// What the library's callbacks tell, all from within `mosquitto_loop` or `mosquitto_publish`.
    fileprivate final class News {
        var answer: CInt?
        var published = 0
        var isDisconnected = false
    }

    private static let isReady = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.code
    private static let keepAlive: CInt = 15
    private let options: MQTTOptions
    private let password: String?
    private var handle: OpaquePointer?
    private var news = News()

    /// Makes an end; nothing is connected yet.
    ///
    /// - Throws: `SinksError` with `noSecret` when the password cannot be read.
    public init(_ options: MQTTOptions) throws(SinksError) {
        self.options = options
        password = try options.password?.read()
        guard Self.isReady else { throw SinksError(.badConfiguration, "libmosquitto does not start") }
    }

    deinit { drop() }

    public func open() throws(DeliveryFailure) {
        guard handle == nil else { return }
        do {
            try connect()
            let online = MQTTOptions.Retained(topic: options.availability, body: "online")
            try publish((options.announcements + [online]).map { ($0.topic, Array($0.body.utf8), CInt(1), true) })
        } catch {
            drop()
            throw DeliveryFailure(error.reason)
        }
    }

    public func send(_ messages: [Message]) throws(DeliveryFailure) {
        do {
            try publish(
                messages.map {
                    (options.topic + "/" + $0.topic, $0.body, CInt(options.quality), options.retains)
                })
        } catch {
            drop()
            throw error
        }
    }

    public func attend() throws(DeliveryFailure) {
        do {
            // Up to so many packets; the library's keep-alive messages go out on the way.
            for _ in 0..<4 { try turn(.zero) }
        } catch {
            drop()
            throw error
        }
    }

    public func close() {
        guard let handle else { return }
        _ = try? publish([(options.availability, Array("offline".utf8), 1, true)], within: .seconds(2))
        mosquitto_disconnect(handle)
        drop()
    }

    private func connect() throws(DeliveryFailure) {
        news = News()
        let context = Unmanaged.passUnretained(news).toOpaque()
        guard let handle = mosquitto_new(nil, true, context) else {
            throw DeliveryFailure("libmosquitto: \(words(of: errno))")
        }
        self.handle = handle
        mosquitto_connect_callback_set(handle) { _, context, answer in News.from(context)?.answer = answer }
        mosquitto_publish_callback_set(handle) { _, context, _ in News.from(context)?.published += 1 }
        mosquitto_disconnect_callback_set(handle) { _, context, _ in News.from(context)?.isDisconnected = true }
        if let user = options.user { try check(mosquitto_username_pw_set(handle, user, password)) }
        if options.isEncrypted {
            let system = options.authority == nil ? "/etc/ssl/certs" : nil
            try check(mosquitto_tls_set(handle, options.authority, system, nil, nil, nil))
        }
        try check(mosquitto_will_set(handle, options.availability, 7, "offline", 1, true))
        try check(mosquitto_connect_async(handle, options.host, CInt(options.port), Self.keepAlive))
        let deadline = ContinuousClock.now + options.timeout
        while news.answer == nil {
            do {
                try turn(.milliseconds(100), until: deadline)
            } catch {
                // With a refusal the connection is over; why is in the answer.
                guard news.answer != nil else { throw error }
            }
        }
        guard news.answer == 0 else {
            throw DeliveryFailure("the broker says: \(String(cString: mosquitto_connack_string(news.answer ?? 0)))")
        }
    }

    private func publish(
        _ messages: [(topic: String, body: [UInt8], quality: CInt, retains: Bool)], within timeout: Duration? = nil
    ) throws(DeliveryFailure) {
        guard let handle else { throw DeliveryFailure("there is no connection") }
        let before = news.published
        do {
            for message in messages {
                let result = mosquitto_publish(
                    handle, nil, message.topic, CInt(message.body.count), message.body, message.quality,
                    message.retains)
                try check(result)
            }
            let deadline = ContinuousClock.now + (timeout ?? options.timeout)
            while news.published - before < messages.count { try turn(.milliseconds(100), until: deadline) }
        } catch {
            throw DeliveryFailure(error.reason, sent: min(news.published - before, messages.count))
        }
    }

    /// Lets the library read and write.
    private func turn(
        _ wait: Duration, until deadline: ContinuousClock.Instant? = nil
    ) throws(DeliveryFailure) {
        guard let handle else { throw DeliveryFailure("there is no connection") }
        let milliseconds = wait == .zero ? 0 : wait.inMilliseconds
        try check(mosquitto_loop(handle, CInt(milliseconds), 1))
        if news.isDisconnected { throw DeliveryFailure("the broker closed the connection") }
        if let deadline, deadline < .now {
            throw DeliveryFailure("no answer within \(options.timeout.inMilliseconds) ms")
        }
    }

    private func check(_ result: CInt) throws(DeliveryFailure) {
        guard result != MOSQ_ERR_SUCCESS.code else { return }
        let failure = errno
        let isSystem = result == MOSQ_ERR_ERRNO.code && failure != 0
        throw DeliveryFailure(isSystem ? words(of: failure) : String(cString: mosquitto_strerror(result)))
    }

    private func drop() {
        guard let handle else { return }
        mosquitto_destroy(handle)
        self.handle = nil
    }
}

extension MQTTEnd.News {
    static func from(_ context: UnsafeMutableRawPointer?) -> MQTTEnd.News? {
        context.map { Unmanaged<MQTTEnd.News>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension mosq_err_t {
    fileprivate var code: CInt { CInt(rawValue) }
}
