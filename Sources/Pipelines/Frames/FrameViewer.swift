public import Media

/// Somebody who looks at frames as they are recognised.
public protocol FrameViewer: Sendable {
    /// Takes a frame if it is wanted; called on the recognising thread, so it must return at once.
    ///
    /// A frame that is kept keeps its source's memory: for as short as can be, and one at a time.
    func see(_ frame: Frame)
}
