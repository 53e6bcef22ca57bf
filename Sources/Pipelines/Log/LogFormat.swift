/// How log events are written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// A line for a person.
    case text
    /// A JSON object a line, for programs.
    case json
}
