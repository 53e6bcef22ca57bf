import Foundation
import Testing

/// What a newcomer is told where there is no device.
@Suite(.enabled(if: !FileManager.default.fileExists(atPath: "/sys/class/video4linux"), "SKIPPED: there is a camera"))
struct AbsentDeviceTests {
    @Test(arguments: [
        ["watch"], ["watch", "--camera", "/dev/video7"], ["record", "-o", "x.mkv", "--size", "640x480"],
    ])
    func withoutACameraItIsSaidWhatWasLookedForAndWhatToDo(_ arguments: [String]) throws {
        let run = try HeedProcess.run(arguments)
        #expect(run.status == 1)
        #expect(run.errors.contains("no camera") && run.errors.contains("/sys/class/video4linux"), "\(run.errors)")
        #expect(run.errors.contains("lsusb"))
        #expect(!FileManager.default.fileExists(atPath: "x.mkv"))
    }

    @Test(.enabled(if: !FileManager.default.fileExists(atPath: "/proc/asound/cards"), "SKIPPED: there is a card"))
    func withoutAMicrophoneItIsSaidAndWhereToLook() throws {
        let run = try HeedProcess.run(["listen", "--microphone", "hw:CARD=Nowhere"])
        #expect(run.status == 1)
        #expect(run.errors.contains("hw:CARD=Nowhere") && run.errors.contains("/proc/asound/cards"), "\(run.errors)")
    }

    @Test func recordingWithoutAnyDeviceNamesBothAndLeavesNoFile() throws {
        let folder = try ScratchFolder()
        let run = try HeedProcess.run(["record", "-o", folder.path("a.mkv")])
        #expect(run.status == 1)
        #expect(run.errors.contains("no camera") && run.errors.contains("microphone"), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.mkv")))
    }

    @Test func aRecordingThatIsThereIsNotReplaced() throws {
        let folder = try ScratchFolder()
        let path = folder.path("a.mkv")
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        for arguments in [["record", "-o", path], ["watch", "--record", path], ["listen", "--record", path]] {
            let run = try HeedProcess.run(arguments)
            #expect(run.status == 1)
            #expect(run.errors.contains("--overwrite"), "\(run.errors)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        }
    }

    @Test(arguments: [
        (["watch", "--format", "yuvy"], "did you mean `yuyv`"), (["watch", "--size", "640"], "640x480"),
        (["watch", "--rate", "-1"], "0.1 to 1000"), (["listen", "--captions", "a.doc"], "txt, vtt or srt"),
        (["record", "-o", "x.mp4"], ".mkv"), (["record"], "--output"), (["run", "/nowhere.yaml"], "/nowhere.yaml"),
    ])
    func whatCannotBeDoneIsOneClearError(_ arguments: [String], _ message: String) throws {
        let run = try HeedProcess.run(arguments)
        #expect(run.status != 0)
        #expect(run.errors.contains(message), "\(run.errors)")
    }
}
