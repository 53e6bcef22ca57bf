import Foundation
import Testing

/// Speech that the ffmpeg program's synthesizer says, in files of all kinds.
struct SpokenFiles {
    static let words = "the weather is fine today we will walk to the river and come back before dinner"
    private static let text = "The weather is fine today. We will walk to the river and come back before dinner."

    /// About a minute of speech.
    static let story = """
        A farmer had two fields and a small white house near the sea. Every morning he walked along the beach before \
        the sun came up and looked for wood that the storm had left. One day he found a heavy box under the old \
        bridge. It was closed with a rusty lock and nobody in the village had a key for it. The teacher thought that \
        it was full of books and the baker hoped that there was gold inside. They carried it to the church and asked \
        the smith to open it with his largest hammer. The lid broke after three strokes and a cloud of dust filled the \
        room. At the bottom they saw only a letter and a dozen apple seeds. The letter said that whoever planted them \
        would never be hungry again. So the farmer planted the seeds behind his house and waited for many years. Today \
        there is an orchard on the hill and each autumn the children of the village come to pick the sweet red fruit.
        """

    static let models = Installed.folder + "/models"
    /// The recognisers that are installed and the tests use, one of each kind.
    static let recognizers = ["whisper-tiny.en-int8", "moonshine-tiny"].filter {
        FileManager.default.fileExists(atPath: "\(models)/\($0)/model.json")
    }
    static let isPossible =
        recognizers.count == 2 && FileManager.default.fileExists(atPath: models + "/silero-vad/model.json")
        && (try? SpokenFiles().make("-ar 16000", "probe.wav")) != nil
    static let missing: Comment =
        "SKIPPED: bundles for speech are not installed (`make test` does it), or ffmpeg has no flite to speak with"

    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// A file of the spoken words, made with these output options of ffmpeg.
    func make(_ options: String, _ name: String) throws -> String {
        try ffmpeg(
            ["-f", "lavfi", "-i", "flite=text='\(Self.text)':voice=slt"]
                + options.split(separator: " ").map(String.init)
                + [folder.path(name)])
        return folder.path(name)
    }

    /// A file of sound that is no speech.
    func make(source: String, _ name: String) throws -> String {
        try ffmpeg(["-f", "lavfi", "-i", source, folder.path(name)])
        return folder.path(name)
    }

    func ffmpeg(_ arguments: [String]) throws {
        try #require(try runTool("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments) == 0)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: folder.path(name), encoding: .utf8) }

    /// The objects of a file of JSON lines.
    func lines(_ name: String) throws -> [[String: Any]] {
        try read(name).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    /// Lower case, letters only.
    static func plain(_ text: String) -> String { text.lowercased().split { !$0.isLetter }.joined(separator: " ") }
}
