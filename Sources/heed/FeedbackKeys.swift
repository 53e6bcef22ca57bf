import Alert
import Dispatch
import Foundation
import Glibc
import Logging
import Pipelines
import Synchronization

/// Takes + and - from the terminal as feedback on the newest answer, while a run whose policy learns from it goes on.
final class FeedbackKeys: Sendable {
    private let saved: Mutex<termios>
    private let isOver = Atomic<Bool>(false)
    private let done = DispatchSemaphore(value: 0)

    /// Listens to the keys; nil where nobody types, or nobody learns from it.
    init?(_ controls: RunControls) {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, Self.isInForeground, controls.streams.contains(where: \.learnsFromFeedback),
            tcgetattr(STDIN_FILENO, &settings) == 0
        else { return nil }
        saved = Mutex(settings)
        // Keys are to come one by one, unseen; a read ends after a tenth of a second without one.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { keys in
            keys[Int(VMIN)] = 0
            keys[Int(VTIME)] = 1
        }
        guard tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0 else { return nil }
        controls.logger.notice("+ says that the newest answer was good, - that it was bad")
        let thread = Thread { [self] in
            listen(controls)
            done.signal()
        }
        thread.name = "heed-keys"
        thread.start()
    }

    /// Whether the terminal is this process's: one in the background is stopped for touching it.
    private static var isInForeground: Bool { tcgetpgrp(STDIN_FILENO) == getpgrp() }

    /// Gives the terminal back as it was; from any thread, also more than once.
    func restore() {
        guard Self.isInForeground else { return }
        saved.withLock { settings in _ = tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
    }

    /// Listens no more.
    func end() {
        isOver.store(true, ordering: .relaxed)
        done.wait()
        restore()
    }

    private func listen(_ controls: RunControls) {
        while !isOver.load(ordering: .relaxed) {
            guard Self.isInForeground else {
                usleep(100_000)
                continue
            }
            var key: UInt8 = 0
            let count = read(STDIN_FILENO, &key, 1)
            // A terminal that is gone fails at once, and always.
            if count < 0, errno != EINTR, errno != EAGAIN { return }
            guard count == 1 else { continue }
            switch key {
            case UInt8(ascii: "+"): judge(.good, controls)
            case UInt8(ascii: "-"): judge(.bad, controls)
            default: break
            }
        }
    }

    /// Two streams that learn are judged at once: their answers are shown side by side.
    private func judge(_ feedback: Feedback, _ controls: RunControls) {
        for stream in controls.streams where stream.learnsFromFeedback {
            guard (try? stream.judge(feedback)) != nil else { continue }
            controls.logger.notice(
                "\(stream.stream.rawValue): the newest answer was \(feedback.rawValue)",
                metadata: ["stream": "\(stream.stream.rawValue)", "who": "terminal"])
        }
    }
}
