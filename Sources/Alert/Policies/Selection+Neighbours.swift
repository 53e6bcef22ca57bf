import Units

extension Selection {
    /// Chooses with regard for other streams on the machine.
    ///
    /// A candidate that must wait for what they have has so much less time left. One that would make another stream's
    /// next sample late is not chosen where there is another in time that does not: then it is chosen once more.
    mutating func choose(
        among allowed: CandidateSet, _ estimator: borrowing Estimator, in outlook: Outlook, _ terms: Terms,
        beside neighbours: Neighbours?
    ) -> Decision {
        guard let neighbours else { return choose(among: allowed, estimator, in: outlook, terms) }
        let delayed = (
            candidates: neighbours.delay > .zero ? neighbours.delayed : CandidateSet(),
            time: max(outlook.time - neighbours.delay.seconds, 0)
        )
        let decision = choose(among: allowed, estimator, in: outlook, terms, delayed: delayed)
        guard decision.rule != .deadlineUnlikely, hinders(decision.candidate, neighbours) else { return decision }
        var considerate = allowed
        for candidate in allowed where hinders(candidate, neighbours) { considerate.remove(candidate) }
        guard !considerate.isEmpty else { return decision }
        let other = choose(among: considerate, estimator, in: outlook, terms, delayed: delayed)
        return other.rule == .deadlineUnlikely ? decision : other
    }

    /// Whether a candidate would still run when another stream's next sample must begin that cannot run beside it.
    private func hinders(_ candidate: Int, _ neighbours: Neighbours) -> Bool {
        guard neighbours.crowding.contains(candidate) else { return false }
        let wait = neighbours.delayed.contains(candidate) ? neighbours.delay.seconds : 0
        return wait + expected(of: candidate).time > neighbours.room.seconds
    }
}
