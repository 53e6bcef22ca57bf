import Foundation
import Testing

/// `heed devices`, on copies of the folders in which a kernel shows devices.
struct DevicesTests {
    private let copy: ScratchFolder

    init() throws { copy = try ScratchFolder() }

    private func write(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = URL(fileURLWithPath: copy.path(path))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private func link(_ path: String, to target: String) throws {
        try write([path + ".beside": ""])
        try FileManager.default.createSymbolicLink(atPath: copy.path(path), withDestinationPath: target)
    }

    private func devices(_ options: String...) throws -> HeedProcess.Result {
        try HeedProcess.run(["devices", "--root", copy.path] + options)
    }

    private func document() throws -> [String: Any] {
        let run = try devices("--json")
        return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    private func addMicrophones() throws {
        try write([
            "proc/asound/cards": """
             0 [PCH            ]: HDA-Intel - HDA Intel PCH
             2 [C920           ]: USB-Audio - HD Pro Webcam C920

            """,
            "proc/asound/card0/pcm0c/info": "name: ALC257 Analog\nsubdevices_count: 1\n",
            "proc/asound/card0/pcm0c/sub0/status": "state: RUNNING\nowner_pid   : 812\n",
            "proc/812/status": "Tgid:\t804\n", "proc/804/comm": "pipewire\n",
            "proc/asound/card2/pcm0c/info": "name: USB Audio\nsubdevices_count: 1\n",
            "dev/snd/pcmC0D0c": "",
        ])
    }

    @Test func aMachineWithoutDevicesIsToldWhatWasLookedForAndWhatToDo() throws {
        let run = try devices()
        #expect(run.status == 0)
        let output = run.output.replacing("\n", with: " ")
        for part in [
            "CAMERAS", "no camera: there is no /dev/video*", "/sys/class/video4linux", "sudo modprobe uvcvideo",
            "MICROPHONES", "no microphone: neither /proc/asound/cards nor /sys/class/sound", "--device /dev/snd",
        ] {
            #expect(output.contains(part))
        }
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let document = try document()
        #expect((document["cameras"] as? [Any])?.isEmpty == true)
        #expect((document["microphones"] as? [Any])?.isEmpty == true)
        #expect((document["notes"] as? [String])?.count == 2)
    }

    @Test func microphonesAreListedWithTheirNamesTheirUsersAndWhatIsMissing() throws {
        try addMicrophones()
        let run = try devices()
        #expect(run.status == 0)
        let listed = try #require(run.output.components(separatedBy: "MICROPHONES\n\n").last)
        let paragraphs = listed.components(separatedBy: "\n\n")
        #expect(
            paragraphs[0] == """
                HDA Intel PCH: ALC257 Analog
                  hw:CARD=PCH,DEV=0
                  also        /dev/snd/pcmC0D0c
                  busy        held by pipewire (process 804)
                """)
        #expect(paragraphs[1].hasPrefix("HD Pro Webcam C920: USB Audio\n  hw:CARD=C920,DEV=0\n"))
        #expect(
            paragraphs[1].contains("  problem     /dev/snd/pcmC2D0c: is not there, though the kernel has the"))
        #expect(paragraphs[1].contains("`--device /dev/snd`"))
    }

    @Test func programsReadTheSameAsJSON() throws {
        try addMicrophones()
        let microphones = try #require(try document()["microphones"] as? [[String: Any]])
        #expect(microphones.map { $0["device"] as? String } == ["hw:CARD=PCH,DEV=0", "hw:CARD=C920,DEV=0"])
        #expect(microphones.map { $0["busy"] as? Bool } == [true, false])
        let holder = try #require((microphones[0]["holders"] as? [[String: Any]])?.first)
        #expect(holder["process"] as? Int == 804 && holder["name"] as? String == "pipewire")
        #expect(microphones[0]["problem"] == nil)
        #expect((microphones[1]["problem"] as? [String: String])?["code"] == "notFound")
    }

    @Test func aCameraThatCannotBeAskedIsListedByItsStableLinkWithItsHolder() throws {
        try write([
            "sys/class/video4linux/video2/name": "HD Pro Webcam C920\n", "proc/41/comm": "cheese\n", "etc/group": "",
        ])
        try link("dev/video2", to: "gone")
        try link("dev/v4l/by-id/usb-046d_C920_1234-video-index0", to: "../../video2")
        try link("proc/41/fd/3", to: "/dev/video2")
        let run = try devices()
        #expect(run.status == 0)
        let paragraph = try #require(run.output.components(separatedBy: "\n\n").dropFirst().first)
        #expect(
            paragraph.hasPrefix(
                """
                HD Pro Webcam C920
                  /dev/v4l/by-id/usb-046d_C920_1234-video-index0
                  also        /dev/video2
                  busy        held by cheese (process 41)
                  problem     /dev/video2: there is no such camera now.
                """))
        let camera = try #require((try document()["cameras"] as? [[String: Any]])?.first)
        #expect(camera["device"] as? String == "/dev/v4l/by-id/usb-046d_C920_1234-video-index0")
        #expect(camera["node"] as? String == "/dev/video2")
    }

    @Test func aNodeThatIsNoCameraAndADeviceWithoutANodeAreTold() throws {
        try write(["dev/video0": "", "sys/class/video4linux/video3/name": "Webcam\n"])
        let run = try devices()
        #expect(run.output.contains("Not a camera: /dev/video0: is no Video4Linux device"))
        #expect(run.output.contains("`--device /dev/video3`"))
        let others = try #require(try document()["others"] as? [[String: String]])
        #expect(others.map { $0["node"] } == ["/dev/video0"])
    }

    @Test func thisMachinesDevicesAreListedInAnyCase() throws {
        let run = try HeedProcess.run(["devices"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("CAMERAS\n\n") && run.output.contains("MICROPHONES\n\n"))
        let json = try HeedProcess.run(["devices", "--json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        for (key, heading) in [("cameras", "no camera:"), ("microphones", "no microphone:")] {
            let found = try #require(document[key] as? [Any])
            #expect(found.isEmpty == run.output.contains(heading))
        }
    }
}
