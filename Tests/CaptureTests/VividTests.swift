import Foundation
import Media
import Testing
import Units

@testable import Capture

/// The kernel's virtual camera, whose faults can be asked for.
enum Vivid {
    static let missing: Comment = "SKIPPED: the kernel's vivid camera and v4l2-ctl are not both here"
    private static let control = "/usr/bin/v4l2-ctl"
    private static let driver = "/sys/bus/platform/drivers/vivid/"

    static let path: String? =
        FileManager.default.isExecutableFile(atPath: control)
        ? CameraReport().cameras.first { $0.driver == "vivid" && $0.problem == nil }?.node.path : nil

    /// Sets a control, as another process that opens the camera too.
    static func set(_ name: String, _ value: Int) throws {
        let process = try Process.run(
            URL(filePath: control), arguments: ["-d", try #require(path), "-c", "\(name)=\(value)"])
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(name)")
    }

    static func unbind() throws { try write("unbind") }
    static func bind() throws { try write("bind") }

    private static func write(_ action: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: driver + action))
        try file.write(contentsOf: Data("vivid.0".utf8))
        try file.close()
    }
}

extension CameraInUseTests {
    /// What becomes of a stream when the driver fails, on the kernel's own virtual camera.
    @Suite(.serialized, .enabled(if: Vivid.path != nil, Vivid.missing))
    struct VividTests {
        /// A camera and all it has told.
        private final class Watching {
            let camera: Camera
            var losses: [CameraConnection.Loss] = []
            var errors: [CaptureError] = []
            var phases: [CameraConnection.Phase] = []
            var damaged = 0, outages = 0, lost = 0, frames = 0
            /// The number that must come next, and the times that another did.
            var next = 0, breaks = 0
            /// When frames came again.
            var back: MonotonicTime?

            init() throws {
                let wish = CameraWish(size: PictureSize(640, 480), rate: 25, format: .yuyv)
                camera = try Camera(CameraSettings(device: Vivid.path, wish: wish))
            }

            /// Takes events until `isEnough`, or nothing comes for long.
            func watch(until isEnough: (Watching) -> Bool) throws {
                while !isEnough(self) {
                    guard let event = try camera.next(within: .seconds(30)) else {
                        Issue.record("nothing came; phases \(phases), errors \(errors)")
                        return
                    }
                    if case .ended = event { return }
                    note(event)
                }
            }

            /// Takes so many more frames.
            func take(_ count: Int) throws {
                let wanted = frames + count
                try watch { $0.frames >= wanted }
            }

            func end() throws {
                camera.stop()
                try watch { _ in false }
            }

            private func note(_ event: CameraEvent) {
                switch event {
                case .frame(let frame):
                    frames += 1
                    count(frame.number, 1)
                case .missing(.superseded(let number, _)): count(number, 1)
                case .missing(.damaged(let number, _, _)):
                    damaged += 1
                    count(number, 1)
                case .missing(.lost(let first, let number, _)):
                    lost += number
                    count(first, number)
                case .missing(.outage(let first, let number, _, let to)):
                    outages += 1
                    back = to
                    count(first, number)
                case .connection(let status):
                    phases.append(status.phase)
                    if let loss = status.loss, status.phase == .closing { losses.append(loss) }
                    if let error = status.error { errors.append(error) }
                case .missing(.uncounted), .ended: break
                }
            }

            /// Expects frames within two seconds of the device's return, and says after how long they came.
            func expectBack(since returned: MonotonicTime) throws {
                let elapsed = try #require(back) - returned
                print("frames came again \(Int(elapsed.milliseconds)) ms after the device's return")
                #expect(elapsed <= .seconds(2))
            }

            private func count(_ first: Int, _ number: Int) {
                if first != next { breaks += 1 }
                next = first + number
            }
        }

        @Test func aFlaggedBufferIsDamagedAndTheStreamGoesOn() throws {
            let watching = try Watching()
            try watching.take(5)
            try Vivid.set("inject_v4l2_buf_flag_error", 1)
            try watching.take(10)
            try watching.end()
            #expect(watching.damaged == 1)
            #expect(watching.losses.isEmpty)
            #expect(watching.breaks == 0)
        }

        @Test(arguments: [
            ("inject_fatal_streaming_error", CameraConnection.Loss.errors), ("disconnect", .disconnected),
        ])
        func aStreamThatFailsIsOpenedAgain(_ control: String, _ loss: CameraConnection.Loss) throws {
            let watching = try Watching()
            try watching.take(15)
            let broken = MonotonicTime.now()
            try Vivid.set(control, 1)
            try watching.watch { $0.outages == 1 }
            try watching.take(5)
            try watching.end()
            // The device never went, or came back as soon as it was closed.
            try watching.expectBack(since: broken)
            #expect(watching.losses.first == loss)
            #expect(watching.breaks == 0)
        }

        @Test func aCameraThatWasAwayStreamsAgain() throws {
            let watching = try Watching()
            try watching.take(15)
            try Vivid.unbind()
            try watching.watch { $0.errors.contains { $0.code == .notFound } }
            let returned = MonotonicTime.now()
            try Vivid.bind()
            try watching.watch { $0.outages == 1 }
            try watching.take(5)
            try watching.expectBack(since: returned)
            // One that is away in the end is counted too.
            try Vivid.unbind()
            defer { try? Vivid.bind() }
            let errors = watching.errors.count
            try watching.watch { $0.errors.dropFirst(errors).contains { $0.code == .notFound } }
            let counted = watching.next
            let left = MonotonicTime.now()
            Thread.sleep(forTimeInterval: 1)
            try watching.end()
            #expect(watching.outages == 2)
            #expect(watching.next - counted >= 24, "25 frames a second for a second")
            #expect(try #require(watching.back) - left >= .seconds(1))
            #expect(watching.losses == [.disconnected, .disconnected])
            #expect(watching.breaks == 0)
        }

        @Test func framesThatTheDriverDropsAreLost() throws {
            let watching = try Watching()
            try watching.take(5)
            try Vivid.set("percentage_of_dropped_buffers", 50)
            try watching.take(20)
            try Vivid.set("percentage_of_dropped_buffers", 0)
            try watching.take(5)
            try watching.end()
            #expect(watching.lost > 0)
            #expect(watching.breaks == 0)
            #expect(watching.outages == 0)
        }

        @Test func aStreamThatStallsIsRestarted() throws {
            let watching = try Watching()
            try watching.take(15)
            try Vivid.set("percentage_of_dropped_buffers", 100)
            try watching.watch { $0.phases.contains(.restarting) }
            let returned = MonotonicTime.now()
            try Vivid.set("percentage_of_dropped_buffers", 0)
            try watching.watch { $0.outages == 1 }
            try watching.take(5)
            try watching.end()
            try watching.expectBack(since: returned)
            #expect(watching.losses.isEmpty)
            #expect(watching.breaks == 0)
        }

        @Test(arguments: ["inject_vidioc_streamon_error", "inject_vidioc_reqbufs_error", "inject_vidioc_qbuf_error"])
        func aStreamThatCannotStartIsTriedAgain(_ control: String) throws {
            try Vivid.set(control, 1)
            let watching = try Watching()
            try watching.take(3)
            try watching.end()
            #expect(watching.errors.first?.code == .failed)
            #expect(watching.breaks == 0)
        }
    }
}
