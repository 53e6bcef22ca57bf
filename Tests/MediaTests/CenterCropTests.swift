import Media
import Testing

struct CenterCropTests {
    @Test func aSquareInputSeesTheCenteredSquareLessTheMargin() {
        let crop = CenterCrop(margin: 32).rectangle(width: 640, height: 480, targetWidth: 224, targetHeight: 224)
        #expect(abs(crop.width - 420) < 1e-9)
        #expect(abs(crop.height - 420) < 1e-9)
        #expect(abs(crop.left - 110) < 1e-9)
        #expect(abs(crop.top - 30) < 1e-9)
    }

    @Test func noMarginTakesAllThatFitsTheShape() {
        let crop = CenterCrop(margin: 0).rectangle(width: 300, height: 300, targetWidth: 200, targetHeight: 100)
        #expect(abs(crop.width - 300) < 1e-9)
        #expect(abs(crop.height - 150) < 1e-9)
        #expect(abs(crop.left) < 1e-9)
        #expect(abs(crop.top - 75) < 1e-9)
    }
}
