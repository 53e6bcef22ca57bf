import Pipelines
import Units

extension DeviceRecording.Progress {
    /// The figures in a line, which is kept up to date while the recording is made.
    var line: String {
        var parts = ["\(duration.seconds.formatted(decimals: 1)) s"]
        if frames + missingFrames > 0 {
            let rate = Double(frames) / max(duration.seconds, 1e-3)
            parts.append("\(frames) frames, \(rate.formatted(decimals: 1))/s")
        }
        if missingFrames > 0 { parts.append("\(missingFrames) missing") }
        if sound > .zero { parts.append("sound \(sound.seconds.formatted(decimals: 1)) s") }
        if gaps > 0 { parts.append("\(gaps) gap\(gaps == 1 ? "" : "s")") }
        return parts.joined(separator: "   ")
    }
}

extension DeviceRecording.Report {
    /// What was recorded, for people.
    var lines: [String] {
        guard let recording else { return [] }
        var lines = [recording.words]
        if progress.missingFrames > 0 {
            lines.append("  missing frames: \(progress.missingFrames); the file says which and why")
        }
        if progress.gaps > 0 { lines.append("  gaps in the sound: \(progress.gaps); the file says where and why") }
        if let camera {
            let rate = camera.rate.map { ", \($0.formatted(decimals: 1)) frames/s came" } ?? ""
            lines.append("  camera: \(camera.mode)\(rate), thread \(camera.priority)")
        }
        if let microphone {
            let drift = microphone.drift.map { ", its clock is \($0 > 0 ? "+" : "")\(Int($0.rounded())) ppm off" } ?? ""
            lines.append(
                "  microphone: \(microphone.format)\(drift)"
                    + (microphone.priority.map { ", thread \($0)" } ?? ""))
        }
        return lines
    }
}
