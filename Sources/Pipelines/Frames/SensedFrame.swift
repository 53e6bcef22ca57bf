import Media
import Recordings

/// A frame to recognise, whoever sensed it, or word of one whose picture is of no use.
struct SensedFrame: Sendable {
    /// The picture; a damaged frame has none.
    var frame: Frame?
    /// What is wrong with it; nil for a good frame.
    var damage: String?
    /// Its file's name, when it is of a folder of pictures.
    var name: String?
    /// What it shows, where that is known.
    var label: TrueLabel?
}

extension SensedFrame {
    /// A frame of a recording; nil where it tells of frames that are missing.
    init?(_ event: RecordedEvent) {
        self.init(name: event.name, label: event.label)
        switch event {
        case .frame(let recorded): frame = recorded.frame
        case .damaged(_, _, _, _, let reason): damage = reason
        case .missing: return nil
        }
    }
}
