/// One thing a policy may choose: a recogniser run with a setting.
public struct Candidate: Sendable, Hashable, Codable {
    /// The recogniser's name: `efficientnet-lite2-fp32`.
    public var recognizer: String
    /// How it is run.
    public var setting: Setting
    /// What it is run for, where a recogniser has tasks that take it different times: `partial` or `final` captions.
    public var task: String?

    /// Makes a candidate.
    public init(recognizer: String, setting: Setting, task: String? = nil) {
        self.recognizer = recognizer
        self.setting = setting
        self.task = task
    }

    /// The name in results and summaries: `efficientnet-lite2-fp32@cpu-2t`, `moonshine-tiny@cpu-2t:partial`. Allocates.
    public var name: String {
        "\(recognizer)@\(setting.name)" + (task.map { ":\($0)" } ?? "")
    }
}
