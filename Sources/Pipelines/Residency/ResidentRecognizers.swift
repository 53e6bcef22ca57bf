public import Alert
import Foundation

/// Recognisers that stay in memory as far as it reaches.
public protocol ResidentRecognizers: AnyObject {
    /// Loads what is most useful for a goal, and the rest in the background or, for a run that must repeat itself, now.
    ///
    /// - Parameters:
    ///   - profile: That of the candidates, in their order.
    ///   - budget: The bytes that loaded recognisers may take.
    /// - Throws: Why nothing could be loaded.
    func makeResident(profile: Profile, goal: Goal, budget: Int, inBackground: Bool) throws

    /// Loads nothing more; blocks until what is being loaded is done. Before the program ends, where no run does it.
    func stopLoading()
}

extension FrameRecognizers: ResidentRecognizers {
    public func makeResident(profile: Profile, goal: Goal, budget: Int, inBackground: Bool) throws {
        try models.start(profile, goal, budget: budget, inBackground: inBackground)
    }

    public func stopLoading() { models.stop() }
}

extension SpeechRecognizers: ResidentRecognizers {
    public func makeResident(profile: Profile, goal: Goal, budget: Int, inBackground: Bool) throws {
        try models.start(profile, goal, budget: budget, inBackground: inBackground)
    }

    public func stopLoading() { models.stop() }
}

extension ResidentModels {
    fileprivate func start(_ profile: Profile, _ goal: Goal, budget: Int, inBackground: Bool) throws {
        let planner = try ResidencyPlanner(
            candidates: profile.candidates, idlePower: profile.idlePower, goal: goal, models: plannedModels,
            budget: budget)
        try start(planner, inBackground: inBackground)
    }
}
