/// One thing a policy may choose: a recogniser run with a setting.
public struct Candidate: Sendable, Hashable, Codable {
    /// The recogniser's name: `efficientnet-lite2-fp32`.
    public var recognizer: String
    /// How it is run.
    public var setting: Setting
    /// What it is run for, where a recogniser has tasks that take it different times: `partial` or `final` captions.
    public var task: String?
    /// The stage after which a recogniser that answers in stages is stopped, counted from 1; nil to let it run.
    public var stage: Int?

    /// Makes a candidate.
    public init(recognizer: String, setting: Setting, task: String? = nil, stage: Int? = nil) {
        self.recognizer = recognizer
        self.setting = setting
        self.task = task
        self.stage = stage
    }

    /// The name in results and summaries: `efficientnet-lite2-fp32@cpu-2t`, `moonshine-tiny@cpu-2t:partial`, and where
    /// it is stopped after a stage `cascade@cpu-2t#1`. Allocates.
    public var name: String {
        "\(recognizer)@\(setting.name)" + (stage.map { "#\($0)" } ?? "") + (task.map { ":\($0)" } ?? "")
    }
}
