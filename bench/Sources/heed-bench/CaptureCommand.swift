import Alert
import ArgumentParser
import CRunClock
@_spi(Measuring) import Capture
import Foundation
import Machine
import Media
@_spi(Measuring) import Pipelines
import Recognition
import Units

/// Times the way of a live frame up to the recogniser: from the moment the driver's buffer is ready until the tensor is
/// filled, over heed's own capture thread, mailbox, feeding thread, gate, lane, choice and conversion.
struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Time live frames from the driver's buffer to the tensor, block by block.")

    @Argument(help: "The recognizer's name.")
    var recognizer: String

    @Argument(help: "640×480 YUYV pictures, one after the other, for the driver to stream.")
    var pictures: String

    @Argument(help: "Where to write results.")
    var results: String

    @Option(help: "Frames a second.")
    var rate = 30.0

    func run() throws {
        let library = DataFolder.libraries + "/libonnxruntime.so"
        // A tensor is filled when the library is called to run the graph on it.
        if let reason = heed_bench_clock_runs(library) {
            throw ValidationError("\(library): its runs cannot be clocked: \(String(cString: reason))")
        }
        var configuration = PipelineConfiguration()
        configuration.recognizers = [recognizer]
        let recognizers = try FrameRecognizers(
            configuration: configuration, settings: SettingChoices([Setting(threads: 1)]),
            runtime: .load(path: library))
        let profile = recognizers.candidates.map {
            CandidateProfile(
                candidate: $0, time: TimeStatistics(samples: [.milliseconds(10)]), power: Watts(10), accuracy: 0.9)
        }
        let goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
        let pictures = try Data(contentsOf: URL(fileURLWithPath: pictures))
        let size = PictureSize(640, 480)
        guard !pictures.isEmpty, pictures.count % (size.pixels * 2) == 0 else {
            throw ValidationError("\(self.pictures): does not hold whole \(size) pictures in YUYV")
        }

        try Blocks.serve { repetitions in
            let mode = CameraMode(
                code: FourCC("YUYV"), format: .yuyv, size: size, interval: FrameInterval(rate: rate))
            let driver = try MemoryDriver(mode, pictures: pictures)
            let camera = try LiveCamera(waitingFor: Camera(driver: driver), named: "memory")
            var thread: [CaptureThreadTime] = []
            var recognized = 0
            let stopwatch = Stopwatch(stopAfter: repetitions) { result in
                guard result.inferenceMilliseconds != nil else { return nil }
                recognized += 1
                if recognized == 1 || recognized == repetitions { thread.append(try CaptureThreadTime()) }
                return heed_bench_last_run_start() - result.capturedNanoseconds
            }
            let runner = try PipelineRunner(
                configuration: configuration,
                frames: FrameStream(
                    source: .camera(camera), recognizers: recognizers,
                    policy: try AlertPolicy(candidates: profile, idlePower: Watts(3), goal: goal)),
                speech: nil, idlePower: Watts(3), meter: EstimatedEnergyMeter(model: configuration.power),
                sinks: [try JSONLinesSink(path: results), stopwatch])
            if let failure = runner.run().failure, !(failure is Stopwatch.Stop) { throw failure }
            return [
                "all": stopwatch.times, "copy": driver.copies,
                "thread": [thread[thread.count - 1].processor - thread[0].processor],
                "wall": [(thread[thread.count - 1].moment - thread[0].moment).nanoseconds],
            ]
        }
    }
}
