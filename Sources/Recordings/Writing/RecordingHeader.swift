import Glibc
import Media
import Units

/// What a recording's header says of itself, as Matroska's tags.
struct RecordingHeader {
    /// The version of the format that is written here.
    static let version = 1

    /// The origin of its times.
    let origin: MonotonicTime

    /// Reads the header; nil for a file that heed did not record.
    ///
    /// Throws `unreadable` for a format that is newer than this program.
    init?(_ tag: (String) -> String?, path: String) throws(RecordingError) {
        guard let version = tag("HEED_RECORDING") else { return nil }
        guard version == String(Self.version), let origin = tag("HEED_ORIGIN_MONOTONIC").flatMap(Int64.init),
            RecordedLimits.times.contains(origin)
        else {
            throw RecordingError(
                .unreadable,
                "\(path): was recorded by a newer heed (format \(version.prefix(20))), or its header is damaged; this "
                    + "one reads format \(Self.version)")
        }
        self.origin = MonotonicTime(nanoseconds: origin)
    }

    static func tags(origin: MonotonicTime, software: String) -> MatroskaMuxer.Tags {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = (MonotonicTime.now() - origin).nanoseconds
        let wall = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - age
        return [
            "HEED_RECORDING": String(version), "HEED_VERSION": software,
            "HEED_ORIGIN_MONOTONIC": String(origin.nanoseconds), "HEED_ORIGIN_WALL": String(wall),
            "creation_time": isoTime(wall),
        ]
    }

    static func tags(_ track: VideoTrack, frame: Frame) -> MatroskaMuxer.Tags {
        [
            "title": track.device, "HEED_DEVICE": track.device, "HEED_MODE": track.mode,
            "HEED_PIXELS": frame.format.rawValue,
        ]
    }

    static func tags(_ track: SoundTrack) -> MatroskaMuxer.Tags {
        [
            "title": track.device, "HEED_DEVICE": track.device, "HEED_MODE": track.format.description,
            "HEED_SAMPLES": track.format.encoding.rawValue,
        ]
    }

    static let noteTags = ["title": "heed: what happened", "HEED_NOTES": String(version)]

    /// The time of day in UTC of nanoseconds since 1970, as ISO 8601 writes it.
    private static func isoTime(_ nanoseconds: Int64) -> String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ value: some BinaryInteger, _ count: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, count - digits.count)) + digits
        }
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(date)T\(time).\(padded(nanoseconds % 1_000_000_000 / 1_000, 6))Z"
    }
}
