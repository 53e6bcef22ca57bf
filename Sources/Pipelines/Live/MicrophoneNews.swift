import Capture
import Media
import Units

/// Turns a microphone's reports into what a person should know of it. Pure.
struct MicrophoneNews {
    private let name: String
    private var wasRunning = true
    private var problem: String?
    private var wasSilent = false
    private var hasToldPriority = false

    init(name: String) { self.name = name }

    /// Whether it was there and is away.
    var isAway: Bool { !wasRunning }

    /// Takes in a report; a line for each thing that is new.
    mutating func take(_ report: MicrophoneReport) -> [String] {
        var lines: [String] = []
        if wasRunning, !report.isRunning, report.frames > 0 {
            lines.append("\(name): the microphone is gone; heed goes on when it is back")
        }
        if !wasRunning, report.isRunning { lines.append("\(name): the microphone is back") }
        if report.frames > 0 { wasRunning = report.isRunning }
        if let found = report.problem, found != problem {
            lines.append(found.hasPrefix(name) ? found : "\(name): \(found)")
        }
        problem = report.problem
        if report.isSilent, !wasSilent {
            lines.append("\(name): nothing but zeros comes: is the microphone muted, or missing?")
        }
        if wasSilent, !report.isSilent { lines.append("\(name): sound comes again") }
        wasSilent = report.isSilent
        if !hasToldPriority, let priority = report.priority {
            hasToldPriority = true
            if let line = priority.notice { lines.append("\(name): \(line)") }
        }
        return lines
    }

    /// A gap in words, such as `default: 2.01 s of sound are missing: the sound was not read in time`.
    func words(of gap: SoundGap) -> String {
        "\(name): \(gap.duration.words) of sound are missing: \(gap.reason.words)"
    }
}

extension ThreadPriority {
    /// What a person should know of a capture thread that may not run in real time; nil when it does.
    var notice: String? {
        if case .realTime = self { nil } else { "its capture thread runs as \(self)" }
    }
}
