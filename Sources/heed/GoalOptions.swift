import Alert
import ArgumentParser
import Pipelines
import Units

/// What a pipeline shall reach, and who chooses for it.
struct GoalOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "From the sensor to the result, such as 33ms. Default: 100ms.",
        transform: timeArgument)
    var deadline: Duration?

    @Option(
        parsing: .unconditional, help: "From the newest sound to its caption, such as 400ms. Default: 500ms.",
        transform: timeArgument)
    var captionDeadline: Duration?

    @Option(help: "What to make least, within the deadline. Default: error.")
    var minimize: PipelineConfiguration.Minimize?

    @Option(
        parsing: .unconditional, help: "With --minimize error: the most energy a sample may take, such as 2J.",
        transform: energyArgument)
    var energy: Joules?

    @Option(
        parsing: .unconditional,
        help: """
            The most power to draw in the long run, such as 12W, all streams and waiting together: while more was \
            drawn, energy has a price. Default: none.
            """,
        transform: wattsArgument)
    var energyBudget: Watts?

    @Option(
        help: """
            What frames and speech at once do with the machine. joint: give out its cores, earliest deadline first. \
            none: each as if it were alone. Default: joint.
            """)
    var sharing: PipelineConfiguration.Sharing?

    @Option(
        parsing: .unconditional,
        help: "With --minimize energy: the least expected accuracy, 0 to 1, such as 0.85.")
    var accuracy: Double?

    @Option(help: "The wanted probability of meeting the deadline, 0 to 1. Default: 0.95.")
    var confidence: Double?

    @Option(help: "Who chooses: \(Policies.names.joined(separator: ", ")). Default: alert.")
    var policy: String?

    @Option(
        help: """
            Where what the policies autoscale and bandit learn is taken up and kept: a file, none, or auto (the \
            default): learned/POLICY-STREAM.json in heed's data folder for devices and replays in real time, none for \
            others.
            """,
        transform: learnedArgument)
    var learned: PipelineConfiguration.Learned?

    func apply(to configuration: inout PipelineConfiguration) throws {
        apply(to: &configuration.goal)
        if let captionDeadline { configuration.speech.goal.deadline = captionDeadline }
        if let energyBudget { configuration.powerBudget = energyBudget }
        if let sharing { configuration.sharing = sharing }
        if let learned { configuration.learned = learned }
        guard let policy else { return }
        guard Policies.names.contains(policy) else {
            let nearest = nearestWord(to: policy, in: Policies.names).map { "; did you mean `\($0)`?" } ?? "."
            throw ValidationError(
                "--policy `\(policy)`: no such policy\(nearest) There are \(Policies.names.joined(separator: ", "))")
        }
        configuration.policy = policy
    }

    /// Where there are no frames, what is said of the goal is said of speech.
    func applyToSpeech(_ configuration: inout PipelineConfiguration) {
        apply(to: &configuration.speech.goal)
        if let captionDeadline { configuration.speech.goal.deadline = captionDeadline }
    }

    private func apply(to goal: inout PipelineConfiguration.Goal) {
        if let deadline { goal.deadline = deadline }
        if let minimize, minimize != goal.minimize {
            goal.minimize = minimize
            goal.energy = nil
            goal.accuracy = nil
        }
        if let energy { goal.energy = energy }
        if let accuracy { goal.accuracy = accuracy }
        if let confidence { goal.confidence = confidence }
    }
}

private func learnedArgument(_ text: String) throws -> PipelineConfiguration.Learned {
    guard !text.isEmpty else { throw ValidationError("expected a file, auto or none") }
    return PipelineConfiguration.Learned(text: text)
}
