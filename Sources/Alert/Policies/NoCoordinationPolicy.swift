import Units

/// Adapts the recogniser and the settings at once, each without knowing of the other: `no-coordination`.
///
/// `app-only` chooses the recogniser, taking the setting to be the default one, and `sys-only` the setting, taking the
/// recogniser to be its own; what runs is the one with the other. Each explains what it measures by its own choice, so
/// that the one takes the other's changes for a change of the machine. Promises are the recogniser's side's.
public struct NoCoordinationPolicy: Policy {
    /// The name it was made by.
    public let name = "no-coordination"
    /// What may be chosen.
    public let candidates: [CandidateProfile]
    /// What to choose for; what was learned stays when it changes.
    public var goal: Goal {
        didSet { (app.goal, sys.goal) = (goal, goal) }
    }
    private var app: AlertPolicy
    private var sys: AlertPolicy
    private let pairs: Pairs

    init(_ task: Policies.Task) throws(AlertError) {
        candidates = task.candidates
        goal = task.goal
        app = try AlertPolicy(.appOnly, task)
        sys = try AlertPolicy(.sysOnly, task)
        pairs = Pairs(task.candidates)
    }

    /// How much slower than profiled the recogniser's side holds the machine to be.
    public var slowdown: SlowdownEstimate { app.slowdown }

    /// The recogniser that the one side chooses with the setting that the other does, where there is such a candidate.
    public mutating func decide(_ request: DecisionRequest) -> Decision? {
        guard var decision = app.decide(request), let setting = sys.decide(request) else { return nil }
        let pair = pairs.candidate(decision.candidate, withSettingOf: setting.candidate)
        if let pair, request.candidates?.contains(pair) ?? true { decision.candidate = pair }
        (decision.runnerUp, decision.runnerUpPrediction) = (nil, nil)
        return decision
    }

    /// Lets each side learn as if it alone had chosen.
    public mutating func observe(_ observation: Observation) {
        var own = observation
        own.candidate = pairs.forApp[observation.candidate]
        app.observe(own)
        own.candidate = pairs.forSys[observation.candidate]
        (own.stagesDone, own.answerTime, own.endedSure) = (nil, nil, false)
        sys.observe(own)
    }

    /// The time the quickest candidate needs now, as the recogniser's side sees it.
    public func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        app.timeNeeded(confidence: confidence, among: candidates)
    }

    /// Which candidate has the recogniser of one and the setting of another.
    private struct Pairs: Sendable {
        /// For each candidate the one of its recogniser that app-only would have chosen.
        let forApp: ContiguousArray<Int>
        /// For each candidate the one of its setting that sys-only would have chosen.
        let forSys: ContiguousArray<Int>
        private let recognizer: ContiguousArray<Int>
        private let setting: ContiguousArray<Int>
        private let settings: Int
        /// By recogniser and setting; -1 where there is no such candidate.
        private let table: ContiguousArray<Int>

        init(_ candidates: [CandidateProfile]) {
            func isSameRecognizer(_ one: Candidate, _ other: Candidate) -> Bool {
                one.recognizer == other.recognizer && one.stage == other.stage && one.task == other.task
            }
            let all = candidates.map(\.candidate)
            let recognizers = all.map { one in all.firstIndex { isSameRecognizer($0, one) } ?? 0 }
            let settings = all.map { one in all.firstIndex { $0.setting == one.setting } ?? 0 }
            var table = ContiguousArray(repeating: -1, count: all.count * all.count)
            for index in all.indices { table[recognizers[index] * all.count + settings[index]] = index }
            let usual = AlertPolicy.Variant.defaultSetting(of: candidates)
            let fixed = AlertPolicy.Variant.fastestRecognizer(of: candidates)
            forApp = ContiguousArray(
                all.indices.map { index in
                    all.firstIndex { isSameRecognizer($0, all[index]) && $0.setting == usual } ?? index
                })
            forSys = ContiguousArray(
                all.indices.map { index in
                    all.firstIndex {
                        $0.recognizer == fixed?.recognizer && $0.stage == fixed?.stage && $0.task == all[index].task
                            && $0.setting == all[index].setting
                    } ?? index
                })
            recognizer = ContiguousArray(recognizers)
            setting = ContiguousArray(settings)
            self.settings = all.count
            self.table = table
        }

        func candidate(_ one: Int, withSettingOf other: Int) -> Int? {
            let found = table[recognizer[one] * settings + setting[other]]
            return found < 0 ? nil : found
        }
    }
}
