import Machine
import Media
import Units

/// What the machine draws while a lane waits for its next sample: as profiled, then as last measured.
struct IdlePower {
    private let meter: any EnergyMeter
    private let activity: LaneActivity
    /// The last figure.
    private(set) var value: Watts
    /// When the last sample's work was done, what the meter said, and who was at work.
    private var lastWork: (end: MonotonicTime, energy: Joules, activity: LaneActivity.Mark)?

    /// Begins with what was profiled.
    init(_ profiled: Watts, meter: any EnergyMeter, activity: LaneActivity) {
        value = profiled
        self.meter = meter
        self.activity = activity
    }

    /// What was drawn since the last sample's work was done; nil when that was too short a time to tell, or another
    /// lane was at work.
    mutating func measure(until now: MonotonicTime) -> Watts? {
        guard let lastWork, now - lastWork.end > .milliseconds(1), activity.isQuiet(since: lastWork.activity) else {
            return nil
        }
        value = (meter.read() - lastWork.energy) / (now - lastWork.end)
        return value
    }

    /// A sample's work is done, and the lane no longer counts as active.
    mutating func waitBegins(at now: MonotonicTime) { lastWork = (now, meter.read(), activity.mark) }
}
