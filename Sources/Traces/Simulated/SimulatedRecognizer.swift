/// A recogniser of the simulated platform: what it takes at full power, and how it answers to caps and co-runners.
struct SimulatedRecognizer: Sendable {
    /// One answer: milliseconds at full power from the beginning, and the share of inputs it gets right.
    struct Stage: Sendable {
        var milliseconds: Double
        var accuracy: Double
    }

    var name: String
    /// One where it answers once.
    var stages: [Stage]
    /// The watts it draws where no cap holds it back.
    var demand: Double
    /// The share of its time that the processor's clock decides; memory decides the rest.
    var clockShare: Double

    /// Two families as in ALERT's evaluation, in numbers made up for the purpose: four that answer once, and two that
    /// answer in four stages each, for a little more time and a little less accuracy than their like.
    static let all = [
        SimulatedRecognizer(
            name: "plain-s", stages: [Stage(milliseconds: 10, accuracy: 0.700)], demand: 78, clockShare: 0.80),
        SimulatedRecognizer(
            name: "plain-m", stages: [Stage(milliseconds: 26, accuracy: 0.775)], demand: 86, clockShare: 0.85),
        SimulatedRecognizer(
            name: "plain-l", stages: [Stage(milliseconds: 62, accuracy: 0.825)], demand: 94, clockShare: 0.95),
        SimulatedRecognizer(
            name: "plain-xl", stages: [Stage(milliseconds: 130, accuracy: 0.855)], demand: 100, clockShare: 1.0),
        SimulatedRecognizer(
            name: "deep-nest",
            stages: [
                Stage(milliseconds: 13, accuracy: 0.680), Stage(milliseconds: 32, accuracy: 0.755),
                Stage(milliseconds: 72, accuracy: 0.810), Stage(milliseconds: 144, accuracy: 0.845),
            ], demand: 96, clockShare: 0.95),
        SimulatedRecognizer(
            name: "wide-nest",
            stages: [
                Stage(milliseconds: 11, accuracy: 0.660), Stage(milliseconds: 28, accuracy: 0.740),
                Stage(milliseconds: 64, accuracy: 0.800), Stage(milliseconds: 126, accuracy: 0.835),
            ], demand: 88, clockShare: 0.55),
    ]
}
