import Media
import Testing

@testable import Capture

/// The camera as its user meets it, with no device.
struct AbsentCameraTests {
    private func statuses(_ camera: Camera, until isEnough: (CameraStatus) -> Bool) throws -> [CameraStatus] {
        var statuses: [CameraStatus] = []
        while let event = try camera.next(within: .seconds(20)) {
            guard case .connection(let status) = event else { continue }
            statuses.append(status)
            if isEnough(status) { break }
        }
        return statuses
    }

    @Test func anAbsentCameraIsWaitedForAndTold() throws {
        let copy = try CopiedTree()
        let camera = try Camera(CameraSettings(tree: copy.tree))
        let statuses = try statuses(camera) { $0.phase == .waiting }
        #expect(statuses.map(\.phase) == [.probing, .waiting])
        #expect(statuses.last?.error?.code == .notFound)
    }

    @Test func aNodeThatAppearsIsTriedAtOnce() throws {
        let copy = try CopiedTree()
        let camera = try Camera(CameraSettings(device: "/dev/video5", tree: copy.tree))
        _ = try statuses(camera) { $0.phase == .waiting }
        try copy.addCamera(5, name: "A file")
        let statuses = try statuses(camera) { $0.error?.code == .unsuitable }
        #expect(statuses.last?.error?.message == "/dev/video5: is no Video4Linux device")
    }

    @Test func otherDevicesThatChangeAreNoReasonToLookAgain() throws {
        let copy = try CopiedTree()
        let watch = DeviceWatch(["/dev"], tree: copy.tree) { $0.hasPrefix("video") }
        let bell = try Bell()
        try copy.write("", to: "/dev/ttyUSB0")
        #expect(try watch.wait(until: .now() + .milliseconds(20), bell: bell) == .elapsed)
        try copy.write("", to: "/dev/null0")
        try copy.write("", to: "/dev/video0")
        #expect(try watch.wait(until: .now() + .seconds(20), bell: bell) == .changed)
        bell.ring()
        #expect(try watch.wait(until: .now() + .seconds(20), bell: bell) == .rung)
    }

    @Test func stoppingEndsTheWait() throws {
        let camera = try Camera(CameraSettings(tree: try CopiedTree().tree))
        _ = try statuses(camera) { $0.phase == .waiting }
        camera.stop()
        var last: CameraEvent?
        while let event = try camera.next(within: .seconds(20)) {
            last = event
            if case .ended = event { break }
        }
        guard case .ended? = last else {
            Issue.record("the camera did not end")
            return
        }
    }
}
