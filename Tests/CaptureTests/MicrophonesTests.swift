import Testing

@testable import Capture

struct MicrophonesTests {
    /// A laptop with two cards, whose built-in microphone a sound server uses.
    private static let laptop = [
        "/proc/asound/cards": """
         0 [PCH            ]: HDA-Intel - HDA Intel PCH
                              HDA Intel PCH at 0x603d1c0000 irq 167
         2 [C920           ]: USB-Audio - HD Pro Webcam C920
                              HD Pro Webcam C920 at usb-0000:00:14.0-3, high speed

        """,
        "/proc/asound/card0/id": "PCH\n",
        "/proc/asound/card0/pcm0p/info": "card: 0\ndevice: 0\nstream: PLAYBACK\nname: ALC257 Analog\n",
        "/proc/asound/card0/pcm0c/info":
            "card: 0\ndevice: 0\nsubdevice: 0\nstream: CAPTURE\nid: ALC257 Analog\nname: ALC257 Analog\n"
            + "subname: subdevice #0\nclass: 0\nsubclass: 0\nsubdevices_count: 1\nsubdevices_avail: 0\n",
        "/proc/asound/card0/pcm0c/sub0/status":
            "state: RUNNING\nowner_pid   : 812\ntrigger_time: 4321.123456789\ntstamp      : 0.000000000\n",
        "/proc/812/status": "Name:\tdata-loop.0\nTgid:\t804\nPid:\t812\n",
        "/proc/804/comm": "pipewire\n",
        "/proc/asound/card2/pcm0c/info":
            "card: 2\ndevice: 0\nstream: CAPTURE\nid: USB Audio\nname: USB Audio\nsubdevices_count: 1\n"
            + "subdevices_avail: 1\n",
        "/proc/asound/card2/pcm0c/sub0/status": "closed\n",
        "/dev/snd/pcmC0D0c": "", "/dev/snd/pcmC2D0c": "",
    ]

    @Test func `Cards are found with their stable names`() throws {
        let found = try CopiedTree(Self.laptop).microphones
        #expect(found.map(\.name) == ["hw:CARD=PCH,DEV=0", "hw:CARD=C920,DEV=0"])
        #expect(found.map(\.card) == ["HDA Intel PCH", "HD Pro Webcam C920"])
        #expect(found.map(\.device) == ["ALC257 Analog", "USB Audio"])
        #expect(found.map(\.cardNumber) == [0, 2])
        #expect(found.allSatisfy { $0.problem == nil })
    }

    @Test func `A busy one names the process that holds it, not its thread`() throws {
        let found = try CopiedTree(Self.laptop).microphones
        #expect(found[0].isBusy)
        #expect(found[0].holders == [DeviceHolder(process: 804, name: "pipewire")])
        #expect(!found[1].isBusy && found[1].holders.isEmpty)
    }

    @Test func `A holder that cannot be looked at still has its number`() throws {
        var files = Self.laptop
        files["/proc/812/status"] = nil
        files["/proc/804/comm"] = nil
        #expect(try CopiedTree(files).microphones[0].holders == [DeviceHolder(process: 812, name: "?")])
    }

    @Test func `Ten devices and more are in the order of their numbers`() throws {
        var files = ["/proc/asound/cards": " 0 [Loopback       ]: Loopback - Loopback\n"]
        for device in [10, 2, 0] {
            files["/proc/asound/card0/pcm\(device)c/info"] = "name: Loopback PCM\nsubdevices_count: 2\n"
        }
        let found = try CopiedTree(files).microphones
        #expect(found.map(\.deviceNumber) == [0, 2, 10])
        #expect(found.map(\.capacity) == [2, 2, 2])
    }

    @Test(arguments: ["", "--- no soundcards ---\n", "nonsense ] [\n", " x [PCH ]: y\n"])
    func `Where there is no card there is no microphone`(cards: String) throws {
        #expect(try CopiedTree(["/proc/asound/cards": cards]).microphones.isEmpty)
        #expect(try CopiedTree([:]).microphones.isEmpty)
    }

    @Test func `A container that hides what the kernel lists still shows its microphones`() throws {
        let files = [
            "/sys/class/sound/card1/id": "C920\n", "/sys/class/sound/controlC1/dev": "116:6\n",
            "/sys/class/sound/pcmC1D0p/dev": "116:7\n", "/sys/class/sound/pcmC1D2c/dev": "116:8\n",
            "/dev/snd/pcmC1D2c": "", "/proc/77/comm": "arecord\n",
        ]
        let copy = try CopiedTree(files)
        try copy.link("/proc/77/fd/4", to: "/dev/snd/pcmC1D2c")
        let found = copy.microphones
        #expect(found.map(\.name) == ["hw:CARD=C920,DEV=2"])
        #expect(found[0].problem == nil && found[0].isBusy)
        #expect(found[0].holders == [DeviceHolder(process: 77, name: "arecord")])
    }

    @Test func `Where nothing captures, what was found is told`() throws {
        let nothing = Microphones.nothingFound(in: try CopiedTree([:]).tree)
        #expect(nothing.code == .notFound)
        for part in ["/proc/asound/cards", "lsusb", "sudo modprobe snd-usb-audio", "--device /dev/snd"] {
            #expect(nothing.message.contains(part))
        }
        let files = [
            "/proc/asound/cards": " 0 [HDMI           ]: HDA-Intel - HDA Intel HDMI\n",
            "/proc/asound/card0/pcm3p/info": "name: HDMI 0\n",
        ]
        let copy = try CopiedTree(files)
        #expect(copy.microphones.isEmpty)
        #expect(Microphones.nothingFound(in: copy.tree).message.contains("HDMI (HDA Intel HDMI)"))
    }

    @Test func `A name may have brackets and dashes`() {
        let cards = SoundCard.cards(" 1 [Device         ]: USB-Audio - USB [PnP] - Device - v2\n")
        #expect(cards == [.init(number: 1, identifier: "Device", name: "USB [PnP] - Device - v2")])
    }

    @Test func `A device whose node is not there says what helps in a container`() throws {
        var files = Self.laptop
        files["/dev/snd/pcmC0D0c"] = nil
        let problem = try #require(try CopiedTree(files).microphones[0].problem)
        #expect(problem.code == .notFound)
        #expect(problem.message.hasPrefix("/dev/snd/pcmC0D0c: "))
        #expect(problem.message.contains("`--device /dev/snd`"))
    }

    @Test(arguments: [
        ("hw:CARD=PCH,DEV=0", true), ("plughw:CARD=PCH,DEV=0", true), ("hw:PCH", true), ("hw:PCH,0", true),
        ("hw:0", true), ("hw:0,0", true), ("plughw:0,0,0", true), ("hw:CARD=PCH", true), ("hw:1", false),
        ("hw:0,1", false), ("hw:CARD=C920", false), ("default", false), ("hw:PC", false),
    ])
    func `A device is known by all its names`(name: String, means: Bool) throws {
        #expect(try CopiedTree(Self.laptop).microphones[0].matches(name) == means)
    }
}

extension CopiedTree {
    fileprivate var microphones: [MicrophoneDescription] { Microphones.all(in: tree) }
}
