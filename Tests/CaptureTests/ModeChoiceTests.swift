import Media
import Testing
import Units

@testable import Capture

/// Which of a camera's modes heed takes, and why.
struct ModeChoiceTests {
    private func offer(_ code: String, _ modes: [(Int, Int, [UInt32])]) -> CameraOffer {
        CameraOffer(
            code: FourCC(code), name: code,
            sizes: modes.map { width, height, rates in
                CameraOffer.Size(
                    sizes: SizeRange(PictureSize(width, height)),
                    intervals: rates.map { IntervalRange(FrameInterval(numerator: 1, denominator: $0)) })
            })
    }

    /// What a common USB 2 webcam offers.
    private var webcam: [CameraOffer] {
        [
            offer("YUYV", [(640, 480, [30, 15]), (320, 240, [30]), (1280, 720, [10]), (1920, 1080, [5])]),
            offer("MJPG", [(640, 480, [30]), (1280, 720, [60, 30]), (1920, 1080, [30])]),
        ]
    }

    @Test func theSizeAndRateWantedAreTakenWithoutJPEGWhereTheyAreOffered() throws {
        let best = try #require(try ModeChoice.ranked(webcam, for: CameraWish()).first)
        #expect(best.mode.description == "YUYV 640×480 30/s")
        #expect(best.reasons.map(\.text) == ["4:2:2 has more bytes to read"])
    }

    @Test func jpegIsTakenWhereOnlyItKeepsTheRate() throws {
        let best = try ModeChoice.ranked(webcam, for: CameraWish(size: PictureSize(1280, 720))).first
        #expect(best?.mode.description == "MJPG 1280×720 30/s")
    }

    @Test func aSmallWishTakesTheSmallestSizeThatHoldsIt() throws {
        let best = try ModeChoice.ranked(webcam, for: CameraWish(size: PictureSize(224, 224))).first
        #expect(best?.mode.size == PictureSize(320, 240))
    }

    @Test func aSizeBeyondTheLargestTakesTheLargest() throws {
        let best = try ModeChoice.ranked(webcam, for: CameraWish(size: PictureSize(4096, 2160))).first
        #expect(best?.mode.size == PictureSize(1920, 1080))
        #expect(best?.mode.format == .jpeg)
    }

    @Test func theRateIsWorthMoreThanTheSmallestSize() throws {
        let offers = [offer("YUYV", [(640, 480, [5]), (800, 600, [30])])]
        #expect(try ModeChoice.ranked(offers, for: CameraWish()).first?.mode.size == PictureSize(800, 600))
    }

    @Test func aFormatThatIsAskedForIsTakenWhateverItCosts() throws {
        let choices = try ModeChoice.ranked(webcam, for: CameraWish(format: .jpeg))
        #expect(choices.allSatisfy { $0.mode.format == .jpeg })
    }

    @Test func aFormatThatIsNotOfferedIsAnErrorThatNamesTheOthers() {
        let error = #expect(throws: CaptureError.self) { try ModeChoice.ranked(webcam, for: CameraWish(format: .nv12)) }
        #expect(error?.code == .notOffered)
        #expect(error?.message == "format: nv12 is not offered; choose from jpeg, yuyv, or leave it out")
    }

    @Test func aCameraOfUnknownFormatsIsAnErrorThatNamesThem() {
        let error = #expect(throws: CaptureError.self) {
            try ModeChoice.ranked([offer("VYUY", [(640, 480, [30])])], for: CameraWish())
        }
        #expect(error?.message.contains("offered: VYUY") == true)
    }

    @Test func whatMustBeConvertedIsTheLastResortAndSaysSo() throws {
        let offers = [offer("BGR3", [(640, 480, [30])]), offer("MJPG", [(640, 480, [30])])]
        let choices = try ModeChoice.ranked(offers, for: CameraWish())
        #expect(choices.map(\.mode.format) == [.jpeg, .rgb24])
        #expect(choices.last?.description == "BGR3 640×480 30/s: +6 libv4l converts it to rgb24")
    }

    @Test func aDriversOwnFormatThatIsAskedForIsTakenWhateverItCosts() throws {
        let offers = [offer("RGB3", [(640, 480, [30])]), offer("BGR3", [(640, 480, [30])])]
        let choices = try ModeChoice.ranked(offers, for: CameraWish(format: .rgb24, code: FourCC("BGR3")))
        #expect(choices.map(\.mode.code) == [FourCC("BGR3")])
    }

    @Test func whatTheBusCannotCarryIsPassedOver() throws {
        let offers = [offer("YUYV", [(1280, 720, [30])]), offer("MJPG", [(1280, 720, [30])])]
        var wish = CameraWish(size: PictureSize(1280, 720))
        #expect(try ModeChoice.ranked(offers, for: wish).first?.mode.format == .yuyv)
        wish.bandwidth = 24e6
        let choices = try ModeChoice.ranked(offers, for: wish)
        #expect(choices.first?.mode.format == .jpeg)
        #expect(choices.last?.description.contains("55 MB/s are more than the bus's 24 MB/s") == true)
    }

    @Test func rangesGiveTheSmallestFittingSizeAndTheIntervalWanted() throws {
        let sizes = SizeRange(width: 16...4096, widthStep: 16, height: 16...2160, heightStep: 4)
        let intervals = IntervalRange(
            shortest: FrameInterval(numerator: 1, denominator: 1000),
            longest: FrameInterval(numerator: 1, denominator: 1),
            step: FrameInterval(numerator: 0, denominator: 1))
        let offers = [
            CameraOffer(code: FourCC("NV12"), name: "", sizes: [.init(sizes: sizes, intervals: [intervals])])
        ]
        let best = try #require(
            try ModeChoice.ranked(offers, for: CameraWish(size: PictureSize(630, 478), rate: 12.5)).first)
        #expect(best.mode.size == PictureSize(640, 480))
        #expect(best.mode.interval?.rate == 12.5)
    }

    @Test func americanTelevisionsThirtyAreThirty() throws {
        let intervals = [IntervalRange(FrameInterval(numerator: 1001, denominator: 30000))]
        let offers = [
            CameraOffer(
                code: FourCC("NV12"), name: "",
                sizes: [.init(sizes: SizeRange(PictureSize(640, 480)), intervals: intervals)])
        ]
        let best = try #require(try ModeChoice.ranked(offers, for: CameraWish()).first)
        #expect(best.reasons.isEmpty)
        #expect(best.description == "NV12 640×480 29.97/s")
    }

    @Test func theBestIsNeverDearerThanAnyOther() throws {
        var random = SeededGenerator(seed: 4)
        let codes = ["YUYV", "MJPG", "NV12", "GREY", "RGB3", "XYZ1"]
        for _ in 0..<300 {
            let offers = (0...Int.random(in: 0..<5, using: &random)).map { _ in
                offer(
                    codes.randomElement(using: &random) ?? "",
                    (0..<3).map { _ in
                        (
                            .random(in: 1...5000, using: &random), .random(in: 1...5000, using: &random),
                            (0..<2).map { _ in .random(in: 1...240, using: &random) }
                        )
                    })
            }
            let wish = CameraWish(
                size: PictureSize(.random(in: 1...4000, using: &random), .random(in: 1...4000, using: &random)),
                rate: .random(in: 0.1...240, using: &random))
            guard let choices = try? ModeChoice.ranked(offers, for: wish) else {
                #expect(offers.allSatisfy { $0.code.pixelFormat == nil })
                continue
            }
            #expect(zip(choices, choices.dropFirst()).allSatisfy { $0.cost <= $1.cost })
            #expect(choices.allSatisfy { choice in choice.reasons.allSatisfy { $0.cost > 0 && $0.cost.isFinite } })
        }
    }
}

/// Names, sizes and intervals as drivers give them.
struct CameraOfferTests {
    @Test func fourLettersAreReadAndWritten() {
        #expect(FourCC("YUYV").code == 0x5659_5559)
        #expect(FourCC("Y16").description == "Y16")
        #expect(FourCC(code: 0x0100_5559).description == "YU??")
    }

    @Test(arguments: [
        (0, 16), (16, 16), (17, 32), (640, 640), (641, 656), (4090, 4096), (5000, 4096), (Int.max, 4096),
    ])
    func aRangeGivesTheSmallestSizeThatHoldsTheOneWanted(_ wanted: Int, _ fitted: Int) {
        let range = SizeRange(width: 16...4096, widthStep: 16, height: 1...1, heightStep: 0)
        #expect(range.fitted(to: PictureSize(wanted, 1)).width == fitted)
    }

    @Test func aStepwiseIntervalIsNoLongerThanWanted() {
        let range = IntervalRange(
            shortest: FrameInterval(numerator: 1, denominator: 60),
            longest: FrameInterval(numerator: 1, denominator: 1),
            step: FrameInterval(numerator: 1, denominator: 60))
        #expect(range.fitted(to: FrameInterval(rate: 30)).rate == 30)
        #expect(range.fitted(to: FrameInterval(rate: 25)).rate == 30)
        #expect(range.fitted(to: FrameInterval(rate: 0.5)).rate == 1)
        #expect(range.fitted(to: FrameInterval(rate: 100)).rate == 60)
    }

    @Test func anIntervalOfNothingIsNotUsable() {
        #expect(!FrameInterval(numerator: 0, denominator: 0).isUsable)
        #expect(FrameInterval(numerator: 1, denominator: 0).rate == 0)
    }

    @Test(arguments: [
        ("YUYV", 1280, [0]), ("NV12", 640, [0, 640 * 480]), ("YU12", 640, [0, 640 * 480, 640 * 480 * 5 / 4]),
        ("YV12", 640, [0, 640 * 480 * 5 / 4, 640 * 480]), ("422P", 704, [0, 704 * 480, 704 * 480 * 3 / 2]),
        ("RGB3", 0, [0]), ("GREY", 640, [0]),
    ])
    func planesLieWhereTheKernelPutsThem(_ letters: String, _ bytesPerRow: Int, _ offsets: [Int]) throws {
        let code = FourCC(letters)
        let format = try #require(code.pixelFormat)
        let layout = try #require(
            PlaneLayout(code, format: format, size: PictureSize(640, 480), bytesPerRow: bytesPerRow))
        #expect(layout.planes.map(\.offset) == offsets)
        #expect(layout.planes.allSatisfy { $0.offset + $0.byteCount <= layout.byteCount })
    }

    @Test func rowsThatAreTooShortForThePictureHaveNoLayout() {
        #expect(PlaneLayout(FourCC("YUYV"), format: .yuyv, size: PictureSize(640, 480), bytesPerRow: 640) == nil)
        #expect(PlaneLayout(FourCC("YU12"), format: .i420, size: PictureSize(641, 480), bytesPerRow: 641) == nil)
    }
}
