import Units

/// Times as captions and messages show them. Plain arithmetic, so that no locale has a say.
enum TimeText {
    /// Seconds with one decimal: `1.2 s`. A stretch that is there is never shown as none.
    static func seconds(_ duration: Duration) -> String {
        var tenths = Int64((duration.seconds * 10).rounded())
        if tenths == 0, duration > .zero { tenths = 1 }
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) s"
    }

    /// A place on the timeline, to the millisecond: `01:02:03.045`. Hours grow beyond two digits; before zero is zero.
    static func clock(_ time: Duration, separator: Character) -> String {
        let milliseconds = max(0, Int64(time.milliseconds.rounded()))
        func padded(_ value: Int64, _ digits: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let seconds = milliseconds / 1000
        return padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + String(separator) + padded(milliseconds % 1000, 3)
    }
}
