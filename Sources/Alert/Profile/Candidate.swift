/// One thing a policy may choose: a recogniser run with a setting.
public struct Candidate: Sendable, Hashable, Codable {
    /// The recogniser's name: `efficientnet-lite2-fp32`.
    public var recognizer: String
    /// How it is run.
    public var setting: Setting

    /// Makes a candidate.
    public init(recognizer: String, setting: Setting) {
        self.recognizer = recognizer
        self.setting = setting
    }

    /// The name in results and summaries: `efficientnet-lite2-fp32@cpu-2t`. Allocates.
    public var name: String { "\(recognizer)@\(setting.processor)-\(setting.threads)t" }
}
