import Foundation
import Pipelines
import Units

/// What a person sees of a recording while it is made: a line that is kept up to date where there is a terminal.
final class RecordingDisplay: @unchecked Sendable {  // Every access to `isDrawn` holds `lock`.
    private let lock = NSLock()
    private let isLive = TerminalDisplay.isPossible
    private var isDrawn = false
    /// Threads that read devices must not wait for a terminal.
    private let notices = DispatchQueue(label: "heed-notices")

    /// Shows how far the recording is.
    func show(_ progress: DeviceRecording.Progress) {
        guard isLive else { return }
        lock.withLock {
            write("\r\u{1B}[K● \(progress.line)")
            isDrawn = true
        }
    }

    /// Puts a line about a device above it; never waits for the terminal.
    @Sendable func notice(_ line: String) {
        notices.async { [self] in lock.withLock { write("\(erasure)\(line)\n") } }
    }

    /// Takes the line away, after all that is still to be said.
    func clear() {
        notices.sync {}
        lock.withLock { write(erasure) }
    }

    private var erasure: String {
        defer { isDrawn = false }
        return isDrawn ? "\r\u{1B}[K" : ""
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

extension DeviceRecording.Progress {
    /// The figures in a line.
    fileprivate var line: String {
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
