import ArgumentParser
import Foundation
import Pipelines
import Recordings
import Units

extension RecordingReport {
    /// What a recording holds, such as `desk.mkv: 12 s, 360 frames, 12 s of sound, 41.2 MB`.
    var words: String {
        var parts = ["\(duration.words)"]
        if frames > 0 { parts.append("\(frames) frame\(frames == 1 ? "" : "s")") }
        if soundDuration > .zero { parts.append("\(soundDuration.words) of sound") }
        parts.append("\((Double(byteCount) / 1e6).formatted(decimals: 1)) MB")
        if leftOutFrames > 0 {
            parts.append(
                "left out \(leftOutFrames): coding or the disk was too slow (--video raw or --format mjpeg are quicker)"
            )
        }
        if leftOutSound > .zero { parts.append("\(leftOutSound.words) of sound left out: the disk was too slow") }
        if leftOutNotes > 0 { parts.append("\(leftOutNotes) notes left out") }
        return "\(path): \(parts.joined(separator: ", "))"
    }
}

extension PipelineConfiguration.Record {
    /// Refuses a file that is there, or whose name promises another format, before anything is opened for it.
    func check() throws {
        let ending = (path as NSString).pathExtension.lowercased()
        guard ["mkv", "mka", "mk3d"].contains(ending) else {
            throw ValidationError("\(path): recordings are Matroska files; end the name with .mkv, or .mka for sound")
        }
        guard !overwrites, FileManager.default.fileExists(atPath: path) else { return }
        throw RecordingError(
            .exists, "\(path): is there already; name another file, or replace it with --overwrite")
    }
}
