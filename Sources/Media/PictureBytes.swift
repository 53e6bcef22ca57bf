/// The memory of one picture, aligned for vector instructions: written once by who makes the picture, before anyone
/// else has it, and freed with its last owner.
public final class PictureBytes: @unchecked Sendable {  // Written before it is shared, never after.
    /// All its bytes, to write; their values are arbitrary at first.
    public let memory: UnsafeMutableRawBufferPointer

    /// Allocates so many bytes.
    public init(count: Int) { memory = .allocate(byteCount: count, alignment: 64) }

    deinit { memory.deallocate() }

    /// All its bytes, to read.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }
}
