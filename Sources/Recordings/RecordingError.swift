/// Why a recording could not be opened, read on or written.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String
        private init(_ name: String) { description = name }

        /// There is no such file or folder.
        public static let notFound = Code("notFound")
        /// The file has no bytes, the video no frame, or the folder no picture.
        public static let empty = Code("empty")
        /// The file is something else than a video.
        public static let notAVideo = Code("notAVideo")
        /// The file has no sound.
        public static let noSound = Code("noSound")
        /// The file ends before what its own header promises.
        public static let truncated = Code("truncated")
        /// The file cannot be read, or what it holds cannot be decoded here.
        public static let unreadable = Code("unreadable")
        /// The file of labels does not say what it should.
        public static let badLabels = Code("badLabels")
        /// The rate asked for is not usable.
        public static let badRate = Code("badRate")
        /// There is a file already, which a recording does not replace unless told to.
        public static let exists = Code("exists")
        /// The recording cannot be written, or not written on.
        public static let notWritable = Code("notWritable")
        /// What comes cannot be stored in the way that was asked for.
        public static let notStorable = Code("notStorable")
        /// The camera came back with pictures of another size or format, which needs another file.
        public static let modeChanged = Code("modeChanged")
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, with the file, and the line where there is one, and what to do.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
