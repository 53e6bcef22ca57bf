import Foundation
import Testing

@testable import Sinks

/// Against a real broker, on a free port of the loopback.
@Suite(
    .enabled(
        if: isInstalled("mosquitto") && isInstalled("mosquitto_sub") && isInstalled("python3"),
        "skipped: there is no mosquitto broker; `apt-get install mosquitto mosquitto-clients`"))
struct MQTTEndTests {
    private let notices = Notices()
    private let scratch: ScratchFolder
    private let port = freePort()

    /// How long the broker is away; HEED_TEST_OUTAGE=30 for half a minute.
    private static let outage = Duration.seconds(
        ProcessInfo.processInfo.environment["HEED_TEST_OUTAGE"].flatMap { Int($0) } ?? 2)

    init() throws { scratch = try ScratchFolder() }

    private func broker(_ settings: String = "allow_anonymous true") throws -> Companion {
        let file = scratch.path("mosquitto.conf")
        // It keeps all that its subscribers have not got while it is away. As root it would become another user.
        let text = """
            listener \(port) 127.0.0.1
            persistence true
            persistence_location \(scratch.path)/
            user root
            max_queued_messages 0
            \(settings)

            """
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let broker = try Companion(try #require(path(of: "mosquitto")), ["-c", file])
        try #require(eventually { isListening(port) })
        return broker
    }

    private func subscriber(_ topics: [String], output: String, more: [String] = []) throws -> Companion {
        try Companion(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-F", "%t %r %p"] + topics.flatMap { ["-t", $0] } + more,
            output: scratch.path(output))
    }

    private func options() throws -> MQTTOptions {
        var options = try #require(MQTTOptions(url: "mqtt://127.0.0.1:\(port)"))
        options.topic = "heed/desk"
        return options
    }

    private func delivery(_ options: MQTTOptions) throws -> Delivery {
        Delivery(
            to: try MQTTEnd(options), name: "test", spool: try Spool(path: scratch.path("spool"), limit: 1 << 20),
            limits: .quick, logger: notices.logger)
    }

    private func results(_ output: String) -> [String] {
        scratch.lines(output).filter { $0.hasPrefix("heed/desk/frames") }
    }

    @Test func aBrokerThatIsAwayForSomeTimeGetsEverythingInOrder() throws {
        var broker = try broker()
        let subscriber = try subscriber(["heed/desk/frames"], output: "got", more: ["-c", "-i", "listener"])
        let delivery = try delivery(options())
        // What is published before somebody has subscribed reaches nobody.
        let probe = Message(topic: "frames", body: Array("probe".utf8))
        #expect(
            eventually {
                delivery.send(probe)
                pause(.milliseconds(100))
                return !results("got").isEmpty
            })
        for number in 0..<100 { delivery.send(message(number)) }
        #expect(eventually { delivery.counts.waiting == 0 })
        broker.end()
        #expect(eventually { notices.all.contains("what comes waits in") })
        let back = ContinuousClock.now + Self.outage
        var number = 100
        while ContinuousClock.now < back {
            delivery.send(message(number))
            number += 1
            pause(.milliseconds(5))
        }
        broker = try self.broker()
        for _ in 0..<100 {
            delivery.send(message(number))
            number += 1
        }
        #expect(eventually { delivery.counts.waiting == 0 })
        delivery.finish()
        let last = "heed/desk/frames 0 {\"sequence\":\(number - 1)}"
        #expect(eventually { results("got").last == last })
        let got = results("got").filter { !$0.hasSuffix("probe") }
        // At least once: what was on its way when the broker went may be there twice.
        var once: [String] = []
        for line in got where once.last != line { once.append(line) }
        #expect(Set(got).count == number)
        #expect(once.count - number < 64)
        let firsts = got.reduce(into: [String]()) { firsts, line in
            if !firsts.suffix(200).contains(line) { firsts.append(line) }
        }
        #expect(firsts == (0..<number).map { "heed/desk/frames 0 {\"sequence\":\($0)}" })
        #expect(delivery.counts.dropped == 0)
        #expect(notices.all.contains("is back after"))
        print("the broker was away for \(Self.outage); \(number) messages, \(got.count - number) of them twice")
        subscriber.end()
        broker.end()
    }

    @Test func whoComesLaterKnowsWhatIsThere() throws {
        let broker = try broker()
        var options = try options()
        options.announcements = [.init(topic: "homeassistant/sensor/desk/config", body: "{}")]
        options.retains = true
        let delivery = try delivery(options)
        delivery.send(message(1))
        #expect(eventually { delivery.counts.sent == 1 })
        let during = try subscriber(["#"], output: "during")
        #expect(
            eventually {
                Set(scratch.lines("during")) == [
                    "heed/desk/availability 1 online", "homeassistant/sensor/desk/config 1 {}",
                    "heed/desk/frames 1 {\"sequence\":1}",
                ]
            })
        delivery.finish()
        #expect(eventually { scratch.lines("during").last == "heed/desk/availability 0 offline" })
        let after = try subscriber(["heed/desk/availability"], output: "after")
        #expect(eventually { scratch.lines("after") == ["heed/desk/availability 1 offline"] })
        during.end()
        after.end()
        broker.end()
    }

    @Test func aConnectionThatBreaksLeavesTheLastWill() throws {
        let broker = try broker()
        let subscriber = try subscriber(["heed/desk/availability"], output: "got")
        var end: MQTTEnd? = try MQTTEnd(options())
        try end?.open()
        #expect(eventually { scratch.lines("got").last?.hasSuffix("online") == true })
        // Let go of without a farewell.
        end = nil
        #expect(eventually { scratch.lines("got").last?.hasSuffix("offline") == true })
        subscriber.end()
        broker.end()
    }

    @Test func aPasswordOpensTheDoorAndIsNeverShown() throws {
        let passwords = scratch.path("passwords")
        let maker = try Companion("mosquitto_passwd", ["-b", "-c", passwords, "heed", "topsecret"])
        #expect(eventually { scratch.text("passwords").contains("heed") })
        maker.end()
        let broker = try broker("allow_anonymous false\npassword_file \(passwords)")
        try "wrongsecret".write(toFile: scratch.path("wrong"), atomically: true, encoding: .utf8)
        try "topsecret\n".write(toFile: scratch.path("right"), atomically: true, encoding: .utf8)
        var options = try options()
        options.user = "heed"
        options.password = .file(scratch.path("wrong"))
        let stranger = Delivery(to: try MQTTEnd(options), name: "test", limits: .quick, logger: notices.logger)
        stranger.send(message(1))
        #expect(eventually { notices.all.contains("not authorised") })
        stranger.finish()
        #expect(!notices.all.contains("wrongsecret"))
        options.password = .file(scratch.path("right"))
        let friend = try delivery(options)
        friend.send(message(1))
        friend.finish()
        #expect(friend.counts == DeliveryCounts(sent: 1))
        broker.end()
    }

    @Test func aCertificateThatNobodyVouchesForIsNotTrusted() throws {
        let certificate = try Certificate(in: scratch)
        let broker = try broker(
            "allow_anonymous true\ncertfile \(certificate.authority)\nkeyfile \(certificate.key)")
        var options = try options()
        options.isEncrypted = true
        let stranger = Delivery(to: try MQTTEnd(options), name: "test", limits: .quick, logger: notices.logger)
        stranger.send(message(1))
        #expect(eventually { notices.all.contains("what comes waits") })
        stranger.finish()
        #expect(stranger.counts == DeliveryCounts(dropped: 1))
        options.authority = certificate.authority
        let friend = try delivery(options)
        friend.send(message(1))
        friend.finish()
        #expect(friend.counts == DeliveryCounts(sent: 1))
        broker.end()
    }

    @Test func aSecretThatIsNotThereNamesItsPlaceOnly() throws {
        var options = try options()
        options.user = "heed"
        options.password = .variable("HEED_NO_SUCH_VARIABLE")
        let error = #expect(throws: SinksError.self) { _ = try MQTTEnd(options) }
        #expect(error?.message.contains("HEED_NO_SUCH_VARIABLE") == true)
    }

    @Test func addressesAreRead() {
        #expect(MQTTOptions(url: "mqtts://broker.lan")?.port == 8883)
        #expect(MQTTOptions(url: "mqtt://broker.lan")?.port == 1883)
        #expect(MQTTOptions(url: "mqtt://me:secret@broker.lan") == nil)
        #expect(MQTTOptions(url: "http://broker.lan") == nil)
    }
}
