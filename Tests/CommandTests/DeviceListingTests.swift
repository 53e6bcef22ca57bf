import Testing

@testable import Capture
@testable import heed

/// What is said of a camera that could be asked.
struct DeviceListingTests {
    private func camera(_ offers: [CameraOffer], holders: [DeviceHolder] = []) -> CameraDescription {
        let node = CameraNode(
            path: "/dev/video0", stablePaths: ["/dev/v4l/by-id/usb-c920"], name: "C920", usbSpeed: 480)
        return CameraDescription(
            node: node, name: "HD Pro Webcam C920", driver: "uvcvideo", offers: offers, holders: holders, problem: nil)
    }

    private func size(_ width: Int, _ height: Int, _ rates: Double...) -> CameraOffer.Size {
        CameraOffer.Size(
            sizes: SizeRange(PictureSize(width, height)),
            intervals: rates.map { IntervalRange(FrameInterval(rate: $0)) })
    }

    private func text(_ camera: CameraDescription) -> String {
        let text = DeviceListing(cameras: [camera], microphones: []).text
        return text.split(separator: "\n\n").map(String.init)[1]
    }

    @Test func formatsWithTheSameSizesAndRatesShareTheirLines() {
        let sizes = [size(320, 240, 7.5, 30), size(640, 480, 7.5, 30), size(1280, 720, 10)]
        let offers = [
            CameraOffer(code: FourCC("YUYV"), name: "YUYV 4:2:2", sizes: sizes),
            CameraOffer(code: FourCC("UYVY"), name: "UYVY 4:2:2", sizes: sizes),
            CameraOffer(code: FourCC("MJPG"), name: "Motion-JPEG", sizes: [size(1920, 1080, 30)]),
            CameraOffer(code: FourCC("H264"), name: "H.264", sizes: [size(1920, 1080, 30)]),
        ]
        #expect(
            text(camera(offers)) == """
                HD Pro Webcam C920
                  /dev/v4l/by-id/usb-c920
                  also        /dev/video0
                  driver      uvcvideo, USB at 480 Mbit/s
                  formats     YUYV, UYVY
                              320×240, 640×480 at 30, 7.5/s
                              1280×720 at 10/s
                  formats     MJPG
                              1920×1080 at 30/s
                  unread      H264
                  heed takes  YUYV 640×480 30/s
                              +0.1 4:2:2 has more bytes to read
                """)
    }

    @Test func aCameraWithNothingForHeedSaysSo() {
        let text = text(camera([CameraOffer(code: FourCC("H264"), name: "H.264", sizes: [size(640, 480, 30)])]))
        #expect(text.contains("heed takes  nothing: it reads none of these formats"))
    }

    @Test func rangesAreShownByTheirEnds() {
        let range = CameraOffer.Size(
            sizes: SizeRange(width: 16...1920, widthStep: 2, height: 16...1080, heightStep: 2),
            intervals: [
                IntervalRange(
                    shortest: FrameInterval(rate: 60), longest: FrameInterval(rate: 1),
                    step: FrameInterval(numerator: 0, denominator: 1))
            ])
        let text = text(camera([CameraOffer(code: FourCC("NV12"), name: "NV12", sizes: [range])]))
        #expect(text.contains("16×16…1920×1080 at 1/s…60/s"))
    }

    @Test func aCommandIsNeverBrokenUp() throws {
        let command =
            "`echo 'SUBSYSTEM==\"video4linux|sound\", TAG+=\"uaccess\"' | sudo tee /etc/udev/rules.d/70-heed.rules`"
        let problem = CaptureError(
            .denied, "/dev/video0: ada may not open it. No group of users may. For good: \(command)")
        let camera = CameraDescription(
            node: CameraNode(path: "/dev/video0", stablePaths: [], name: nil, usbSpeed: nil), name: "C920", driver: nil,
            offers: [], holders: [], problem: problem)
        #expect(
            text(camera) == """
                C920
                  /dev/video0
                  problem     /dev/video0: ada may not open it. No group of users may. For
                              good:
                              \(command)
                """)
    }

    @Test func longListsStayWithinTheTerminal() {
        let sizes = (1...30).map { size($0 * 64, $0 * 48, 30, 25, 20, 15, 10, 5) }
        let offers = ["YUYV", "NV12"].map { CameraOffer(code: FourCC($0), name: $0, sizes: sizes) }
        let lines = text(camera(offers)).split(separator: "\n")
        #expect(lines.count > 6)
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test func aCamerasJSONHasItsModesAndTheOneThatIsTaken() throws {
        let offers = [CameraOffer(code: FourCC("YUYV"), name: "YUYV 4:2:2", sizes: [size(640, 480, 25, 50)])]
        let holder = DeviceHolder(process: 7, name: "ffmpeg")
        let json = try DeviceListing(cameras: [camera(offers, holders: [holder])], microphones: []).json()
        for part in [
            #""device" : "/dev/v4l/by-id/usb-c920""#, #""code" : "YUYV""#, #""readable" : true"#, #""busy" : true"#,
            #""choice" : {"#, #""name" : "ffmpeg""#, #""height" : 480"#, #""process" : 7"#,
        ] {
            #expect(json.contains(part))
        }
        #expect(!json.contains("least_width"))
    }
}
