import Alert
import Foundation
import Pipelines
import Units

extension RunDesk {
    /// Changes a stream's goal and policy as a request asks for; all of it, or nothing.
    func changeGoal(_ body: Data, by who: String) throws(DashboardError) {
        var request = try PageRequest(body)
        changing.lock()
        defer { changing.unlock() }
        let controls = try stream(of: &request)
        let before = controls.goal
        var wanted = PipelineConfiguration.Goal(before)
        try wanted.apply(&request)
        let policy = try request.text("policy", oneOf: Policies.names)
        try request.finished()
        let policyBefore = controls.policy
        let goal: Alert.Goal
        do {
            goal = try wanted.checked()
            try controls.change(goal: goal == before ? nil : goal, policy: policy)
        } catch {
            throw DashboardError(.badRequest, "\(controls.stream.rawValue): \(error)")
        }
        var changes = PageState.Goal(goal).differences(from: PageState.Goal(before))
        if controls.policy != policyBefore { changes.append("policy \(policyBefore) → \(controls.policy)") }
        guard !changes.isEmpty else { return }
        note("\(controls.stream.rawValue): \(changes.joined(separator: ", "))", by: who)
    }

    /// Says whether the newest answer was of use, as a request tells.
    func judge(_ body: Data, by who: String) throws(DashboardError) {
        var request = try PageRequest(body)
        changing.lock()
        defer { changing.unlock() }
        let controls = try stream(of: &request)
        let good = try request.flag("good")
        let sequence = try request.integer("sequence")
        try request.finished()
        guard let good else { throw DashboardError(.badRequest, "good: is missing; say true or false") }
        let name = controls.stream.rawValue
        let answers = book.answers(of: controls.stream)
        guard let newest = answers.last else {
            throw DashboardError(.badRequest, "\(name): there is no answer yet")
        }
        // A policy learns of its newest answer; people are slower, and mean the one they saw.
        let judged = sequence.map { sequence in answers.last { $0.sequence == sequence } } ?? newest
        guard let judged else {
            throw DashboardError(
                .badRequest, "\(name): there is no answer to sample \(sequence ?? 0), or it is long ago")
        }
        guard judged.candidate == newest.candidate else {
            throw DashboardError(
                .badRequest,
                "\(name): sample \(judged.sequence) was answered by \(judged.candidate), but by now "
                    + "\(newest.candidate) answers; only who answers now can be judged")
        }
        do {
            try controls.judge(good ? .good : .bad)
        } catch {
            throw DashboardError(.badRequest, error.message)
        }
        note("\(name): sample \(judged.sequence) was \(good ? "good" : "bad")", by: who)
    }

    /// Stops, steps or resumes a replay, as a request asks for.
    func replay(_ body: Data, by who: String) throws(DashboardError) {
        var request = try PageRequest(body)
        changing.lock()
        defer { changing.unlock() }
        let action = try request.text("action", oneOf: ["pause", "resume", "step"])
        try request.finished()
        guard let action else { throw DashboardError(.badRequest, "action: is missing; say pause, resume or step") }
        guard let playhead = try runningControls().playhead else {
            throw DashboardError(.badRequest, "devices do not pause; only a replay does")
        }
        switch action {
        case "pause": playhead.pause()
        case "resume": playhead.resume()
        default: playhead.step()
        }
        note("replay: \(action)", by: who)
    }

    private func runningControls() throws(DashboardError) -> RunControls {
        guard let controls else { throw DashboardError(.badRequest, "the run has not begun yet; try again soon") }
        guard isRunning else { throw DashboardError(.badRequest, "the run has ended; there is nothing to change") }
        return controls
    }

    /// The stream a request names, or the only one.
    private func stream(of request: inout PageRequest) throws(DashboardError) -> StreamControls {
        let streams = try runningControls().streams
        let names = streams.map(\.stream.rawValue)
        let named = try request.text("stream", oneOf: names)
        if let found = streams.first(where: { $0.stream.rawValue == named }) { return found }
        if let only = streams.first, streams.count == 1 { return only }
        throw DashboardError(.badRequest, "stream: is missing; say \(names.joined(separator: " or "))")
    }
}

extension PipelineConfiguration.Goal {
    fileprivate init(_ goal: Alert.Goal) {
        self = PipelineConfiguration().goal
        deadline = goal.deadline
        confidence = goal.confidence
        switch goal.objective {
        case .minimizeError(let bound): (minimize, energy) = (.error, bound)
        case .minimizeEnergy(let bound): (minimize, accuracy) = (.energy, bound)
        }
    }

    /// Takes over what a request says; the bound of what is minimised no longer goes.
    fileprivate mutating func apply(_ request: inout PageRequest) throws(DashboardError) {
        if let milliseconds = try request.number("deadline_ms", in: 0.1...3_600_000) {
            deadline = .seconds(milliseconds * 1e-3)
        }
        if let word = try request.text("minimize", oneOf: PipelineConfiguration.Minimize.allCases.map(\.rawValue)),
            let wanted = PipelineConfiguration.Minimize(rawValue: word), wanted != minimize
        {
            (minimize, energy, accuracy) = (wanted, nil, nil)
        }
        if request.has("min_accuracy") { accuracy = try request.number("min_accuracy", in: 0...1) }
        if request.has("max_energy_j") {
            energy = try request.number("max_energy_j", in: 0...1e6).map { Joules($0) }
        }
        confidence = try request.number("confidence", in: 0...1) ?? confidence
    }
}

extension PageState.Goal {
    /// What is other than it was, in words.
    fileprivate func differences(from before: PageState.Goal) -> [String] {
        func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
        func bound(_ value: Double?, _ unit: String) -> String { value.map { plain($0) + unit } ?? "none" }
        var words: [String] = []
        if deadline != before.deadline { words.append("deadline \(plain(before.deadline)) ms → \(plain(deadline)) ms") }
        if minimize != before.minimize { words.append("minimise \(before.minimize) → \(minimize)") }
        if accuracy != before.accuracy {
            words.append("least accuracy \(bound(before.accuracy, "")) → \(bound(accuracy, ""))")
        }
        if energy != before.energy {
            words.append("most energy \(bound(before.energy, " J")) → \(bound(energy, " J"))")
        }
        if confidence != before.confidence { words.append("confidence \(before.confidence) → \(confidence)") }
        return words
    }
}
