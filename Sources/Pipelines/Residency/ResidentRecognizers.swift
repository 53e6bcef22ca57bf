public import Alert
import Foundation

/// Recognisers that stay in memory as far as it reaches.
public protocol ResidentRecognizers: AnyObject {
    /// Offers those that are worth stopping on purpose stopped after each of their stages too, each before its like.
    ///
    /// - Parameter profile: That of the candidates, in their order; what is offered is added to both.
    func offerStops(in profile: inout Profile)

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
    /// Networks that are cut into segments: to stop a cascade is to run its first model, which has a name of its own.
    ///
    /// Where all stops are more than policies choose among, none is offered.
    public func offerStops(in profile: inout Profile) {
        let stops = profile.candidates.enumerated().flatMap { index, candidate in
            (isInSegments(index) ? candidate.stops : [candidate]).map { (index, $0) }
        }
        guard stops.count <= CandidateSet.capacity else { return }
        profile.candidates = stops.map(\.1)
        keep(stops.map(\.0))
        stop(as: profile.candidates.map(\.candidate))
    }

    public func makeResident(profile: Profile, goal: Goal, budget: Int, inBackground: Bool) throws {
        try models.start(profile, goal, budget: budget, inBackground: inBackground)
    }

    public func stopLoading() { models.stop() }
}

extension SpeechRecognizers: ResidentRecognizers {
    /// None: partial and final captions are tasks of their own.
    public func offerStops(in _: inout Profile) {}

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
