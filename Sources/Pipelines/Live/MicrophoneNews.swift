import Capture
import Media
import Units

/// Turns a microphone's reports into what a person should know of it. Pure.
struct MicrophoneNews {
    /// Something new.
    struct Item: Equatable {
        /// In words.
        var text: String
        /// Whether something works again, rather than no more.
        var isGood = false
    }

    private let name: String
    private var wasRunning = true
    private var problem: String?
    private var wasSilent = false
    private var hasToldPriority = false

    init(name: String) { self.name = name }

    /// Whether it was there and is away.
    var isAway: Bool { !wasRunning }

    /// Takes in a report; each thing that is new.
    mutating func take(_ report: MicrophoneReport) -> [Item] {
        var items: [Item] = []
        if wasRunning, !report.isRunning, report.frames > 0 {
            items.append(Item(text: "\(name): the microphone is gone; heed goes on when it is back"))
        }
        if !wasRunning, report.isRunning { items.append(Item(text: "\(name): the microphone is back", isGood: true)) }
        if report.frames > 0 { wasRunning = report.isRunning }
        if let found = report.problem, found != problem {
            items.append(Item(text: found.hasPrefix(name) ? found : "\(name): \(found)"))
        }
        problem = report.problem
        if report.isSilent, !wasSilent {
            items.append(Item(text: "\(name): nothing but zeros comes: is the microphone muted, or missing?"))
        }
        if wasSilent, !report.isSilent { items.append(Item(text: "\(name): sound comes again", isGood: true)) }
        wasSilent = report.isSilent
        if !hasToldPriority, let priority = report.priority {
            hasToldPriority = true
            if let line = priority.notice { items.append(Item(text: "\(name): \(line)")) }
        }
        return items
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
