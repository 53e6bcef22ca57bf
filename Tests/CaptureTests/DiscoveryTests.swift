import FoundationEssentials
import Glibc
import Testing

@testable import Capture

/// What cameras there are, on a copied tree.
struct CameraNodeTests {
    @Test func nodesComeInTheOrderOfTheirNumbersWithTheirStableLinks() throws {
        let copy = try CopiedTree()
        try copy.addCamera(10, name: "Integrated")
        try copy.addCamera(
            2, name: "HD Pro Webcam C920", id: "usb-046d_C920_1234-video-index0",
            port: "pci-0-usb-0:1:1.0-video-index0",
            speed: "480")
        try copy.write("", to: "/dev/videographer")
        try copy.write("", to: "/dev/vbi0")
        let nodes = CameraNode.all(in: copy.tree)
        #expect(nodes.map(\.path) == ["/dev/video2", "/dev/video10"])
        #expect(nodes[0].name == "HD Pro Webcam C920")
        #expect(
            nodes[0].stablePaths == [
                "/dev/v4l/by-id/usb-046d_C920_1234-video-index0", "/dev/v4l/by-path/pci-0-usb-0:1:1.0-video-index0",
            ])
        #expect(nodes[0].bandwidth == 24_576_000)
        #expect(nodes[1].stablePaths.isEmpty)
        #expect(nodes[1].bandwidth == nil)
    }

    @Test func aMachineWithoutACameraIsToldWhatWasLookedForAndWhatToDo() throws {
        let error = CameraReport(tree: try CopiedTree().tree).nothingFound
        #expect(error.code == .notFound)
        for part in ["/dev/video*", "/sys/class/video4linux", "lsusb", "sudo modprobe uvcvideo"] {
            #expect(error.message.contains(part))
        }
    }

    @Test func aContainerWithoutTheNodeIsToldHowToPassIt() throws {
        let copy = try CopiedTree()
        try copy.write("Webcam\n", to: "/sys/class/video4linux/video3/name")
        let report = CameraReport(tree: copy.tree)
        #expect(report.withoutNode == ["video3"])
        #expect(report.nothingFound.message.contains("--device /dev/video3"))
    }

    @Test func aFileThatIsNoDeviceIsNoCamera() throws {
        let copy = try CopiedTree()
        try copy.addCamera(0, name: "A file")
        let report = CameraReport(tree: copy.tree)
        #expect(report.cameras.isEmpty)
        #expect(report.others.map(\.reason) == ["/dev/video0: is no Video4Linux device"])
        #expect(report.nothingFound.message.contains("/dev/video0: is no Video4Linux device"))
    }

    @Test func aNodeThatCannotBeOpenedIsACameraWithAProblem() throws {
        let copy = try CopiedTree()
        try copy.link("/dev/video0", to: "nowhere")
        let report = CameraReport(tree: copy.tree)
        #expect(report.cameras.map(\.problem?.code) == [.notFound])
    }

    @Test(
        arguments: [
            (0x0480_0000, "data about pictures"), (0x0000_0001, "only one read at a time"),
            (0x0400_0002, "takes no pictures"),
        ] as [(UInt32, String)])
    func aNodeThatGivesNoPicturesSaysWhy(_ flags: UInt32, _ words: String) {
        let capability = V4L2.Capability(driver: "uvcvideo", card: "Webcam", bus: "usb", flags: flags)
        let node = CameraNode(path: "/dev/video1", stablePaths: [], name: nil, usbSpeed: nil)
        #expect(!capability.isCamera)
        #expect(OpenCamera.unsuitable(capability, node).message.contains(words))
    }

    @Test(arguments: [(0x0400_0001, false), (0x0400_1000, true), (0x0400_1001, false)] as [(UInt32, Bool)])
    func aNodeThatStreamsPicturesIsACamera(_ flags: UInt32, _ usesPlanes: Bool) {
        let capability = V4L2.Capability(driver: "", card: "", bus: "", flags: flags)
        #expect(capability.isCamera)
        #expect(capability.usesPlanes == usesPlanes)
    }
}

/// Which node is the camera that is meant.
struct CameraIdentityTests {
    private let c920 = CameraNode(
        path: "/dev/video0", stablePaths: ["/dev/v4l/by-id/c920", "/dev/v4l/by-path/port1"], name: "C920", usbSpeed: nil
    )

    private func candidates(_ identity: CameraIdentity, _ copy: CopiedTree) -> [String] {
        identity.candidates(among: CameraNode.all(in: copy.tree), tree: copy.tree).map(\.path)
    }

    @Test func withoutAWishEveryNodeMayBeIt() throws {
        let copy = try CopiedTree()
        try copy.addCamera(0, name: "A")
        try copy.addCamera(1, name: "B")
        #expect(candidates(CameraIdentity(), copy) == ["/dev/video0", "/dev/video1"])
        #expect(candidates(CameraIdentity(requested: "/dev/video1"), copy) == ["/dev/video1"])
        #expect(candidates(CameraIdentity(requested: "/dev/video7"), copy).isEmpty)
    }

    @Test func aStableLinkOrOneMadeByHandLeadsToItsNode() throws {
        let copy = try CopiedTree()
        try copy.addCamera(4, name: "C920", id: "c920")
        try copy.link("/dev/mycam", to: "video4")
        #expect(candidates(CameraIdentity(requested: "/dev/v4l/by-id/c920"), copy) == ["/dev/video4"])
        #expect(candidates(CameraIdentity(requested: "/dev/mycam"), copy) == ["/dev/video4"])
    }

    @Test func aCameraThatComesBackUnderAnotherNumberIsFoundByItsSerialNumber() throws {
        var identity = CameraIdentity(requested: "/dev/video0")
        identity.fix(on: c920)
        let copy = try CopiedTree()
        try copy.addCamera(0, name: "C920", id: "another-c920")
        try copy.addCamera(3, name: "C920", id: "c920", port: "port2")
        #expect(candidates(identity, copy) == ["/dev/video3"])
    }

    @Test func anotherCameraIsNotTakenForTheOneThatIsAway() throws {
        var identity = CameraIdentity(requested: "/dev/video0")
        identity.fix(on: c920)
        let copy = try CopiedTree()
        try copy.addCamera(0, name: "C920", id: "another-c920")
        #expect(candidates(identity, copy).isEmpty)
        let error = #expect(throws: CaptureError.self) { _ = try identity.open(in: copy.tree) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/dev/v4l/by-id/c920: there is no such camera now") == true)
        #expect(error?.message.contains("/dev/v4l/by-id/another-c920") == true)
    }

    @Test func aCameraWithoutLinksComesBackByItsName() throws {
        var identity = CameraIdentity(requested: "/dev/video0")
        identity.fix(on: CameraNode(path: "/dev/video0", stablePaths: [], name: "vivid", usbSpeed: nil))
        let copy = try CopiedTree()
        try copy.addCamera(0, name: "C920", id: "c920")
        try copy.addCamera(1, name: "vivid")
        #expect(candidates(identity, copy) == ["/dev/video1"])
    }
}

/// Who holds devices, and what is missing to open them.
struct DeviceAccessTests {
    @Test func theProcessesThatHoldADeviceAreNamed() throws {
        let copy = try CopiedTree()
        for (process, name, target) in [
            (41, "cheese", "/dev/video0"), (7, "ffmpeg", "/dev/video0"), (9, "sh", "/dev/tty"),
        ] {
            try copy.write(name + "\n", to: "/proc/\(process)/comm")
            try copy.link("/proc/\(process)/fd/3", to: target)
            try copy.link("/proc/\(process)/fd/4", to: target)
        }
        try copy.write("", to: "/proc/meminfo")
        let holders = DeviceHolders(tree: copy.tree)
        #expect(holders.of("/dev/video0").map(\.description) == ["ffmpeg (process 7)", "cheese (process 41)"])
        #expect(holders.of("/dev/video1").isEmpty)
        let error = holders.explain(busy: "/dev/video0")
        #expect(error.code == .busy)
        #expect(error.message.hasPrefix("/dev/video0: is in use by ffmpeg (process 7), cheese (process 41)."))
    }

    @Test func thisProcessIsNamedOnlyWhereNobodyElseCanBeIt() throws {
        let copy = try CopiedTree()
        try copy.link("/proc/\(getpid())/fd/3", to: "/dev/video0")
        #expect(DeviceHolders(tree: copy.tree).explain(busy: "/dev/video0").message.contains("this very process"))
        try copy.link("/proc/1/fd/3", to: "/dev/video0")
        let message = DeviceHolders(tree: copy.tree).explain(busy: "/dev/video0").message
        #expect(message.contains("? (process 1)"))
        #expect(!message.contains("\(getpid())"))
    }

    @Test func aHolderThatCannotBeSeenIsSaidToBeHidden() throws {
        let copy = try CopiedTree()
        try copy.makeFolder("/proc/12")
        let holders = DeviceHolders(tree: copy.tree)
        #expect(holders.hiddenProcesses == 1)
        #expect(holders.explain(busy: "/dev/video0").message.contains("another user"))
        #expect(holders.explain(busy: "/dev/video0").message.contains("sudo fuser -v /dev/video0"))
    }

    @Test func aFileThatThisProcessHoldsIsFoundOnTheRealMachine() throws {
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(DeviceHolders().of("/dev/null").contains { $0.process == Int(getpid()) })
    }

    private func permission(
        mode: UInt32 = 0o660, group: UInt32 = 44, name: String? = "video", hasGroup: Bool = false,
        isEntered: Bool = false
    ) -> DevicePermission {
        DevicePermission(
            device: "/dev/video0", mode: mode, group: group, groupName: name, user: "ada", hasGroup: hasGroup,
            isEntered: isEntered)
    }

    @Test func theRemedyFitsWhatIsMissing() {
        #expect(permission().remedy.contains("sudo usermod -aG video ada"))
        #expect(permission(isEntered: true).remedy.contains("newgrp video"))
        #expect(permission(hasGroup: true, isEntered: true).remedy.contains("--device /dev/video0"))
        #expect(permission(mode: 0o600).remedy.contains("sudo chmod a+rw /dev/video0"))
        #expect(permission(group: 0, name: "root").remedy.contains("sudo chmod a+rw /dev/video0"))
        #expect(permission(name: nil).remedy.contains("sudo chmod a+rw /dev/video0"))
        #expect(permission().explanation.message.hasPrefix("/dev/video0: ada may not open it."))
        var microphone = permission(name: "audio", hasGroup: true)
        microphone.device = "/dev/snd/pcmC0D0c"
        #expect(microphone.remedy.contains("`--device /dev/snd`"))
    }

    @Test func theFactsOfAFileAreReadFromTheTree() throws {
        let copy = try CopiedTree()
        try copy.write("", to: "/dev/video0")
        try copy.write("ada:x:\(geteuid()):1000::/home/ada:/bin/sh\n", to: "/etc/passwd")
        try copy.write("broken\nvideo:x:\(getegid()):bob,ada\n", to: "/etc/group")
        let found = try #require(DevicePermission(of: "/dev/video0", tree: copy.tree))
        #expect(found.groupName == "video")
        #expect(found.user == "ada")
        #expect(found.isEntered)
        #expect(found.hasGroup)
        #expect(DevicePermission(of: "/dev/video1", tree: copy.tree) == nil)
        #expect(DevicePermission.problem(with: "/dev/video0", in: copy.tree) == nil)
        #expect(DevicePermission.problem(with: "/dev/video1", in: copy.tree)?.code == .notFound)
    }
}
