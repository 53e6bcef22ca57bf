import Foundation
import Testing

@testable import Sinks

struct CommandEndTests {
    private let notices = Notices()
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func delivery(_ command: [String], timeout: Duration = .seconds(30)) throws -> Delivery {
        Delivery(
            to: CommandEnd(command, timeout: timeout), name: "test",
            spool: try Spool(path: scratch.path("spool"), limit: 1 << 20), limits: .quick, logger: notices.logger)
    }

    @Test func aCommandThatDiesAgainAndAgainGetsEveryLineOnceInOrder() throws {
        let delivery = try delivery(
            ["for n in 1 2 3; do read -r line && echo \"$line\" >> \(scratch.path("out")); done; exit 3"])
        for number in 0..<20 { delivery.send(line(number)) }
        #expect(eventually { delivery.counts.sent == 20 })
        delivery.finish()
        #expect(scratch.lines("out") == (0..<20).map { "line \($0)" })
        #expect(notices.all.contains("the command ended with status 3"))
    }

    @Test func aCommandThatIsNotThereIsSaid() throws {
        let delivery = try delivery(["/nowhere/program", "argument"])
        delivery.send(line(0))
        #expect(eventually { notices.all.contains("/nowhere/program: No such file or directory") })
        delivery.finish()
        #expect(delivery.counts == DeliveryCounts(waiting: 1))
    }

    @Test func aCommandThatDoesNotReadIsStartedAnew() throws {
        // The first one sleeps; those after it read.
        let mark = scratch.path("mark")
        let delivery = try delivery(
            ["if [ -e \(mark) ]; then cat >> \(scratch.path("out")); else touch \(mark); exec sleep 1000; fi"],
            timeout: .milliseconds(300))
        for number in 0..<5 { delivery.send(line(number)) }
        #expect(eventually { delivery.counts.sent == 5 })
        delivery.finish()
        #expect(scratch.lines("out") == (0..<5).map { "line \($0)" })
        #expect(notices.all.contains("has not read for 300 ms"))
    }

    @Test func aCommandSeesTheEndOfItsInput() throws {
        let delivery = try delivery(["cat > \(scratch.path("out")); echo end >> \(scratch.path("out"))"])
        delivery.send(line(1))
        delivery.finish()
        #expect(scratch.lines("out") == ["line 1", "end"])
    }
}
