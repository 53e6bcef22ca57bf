import Capture
import Foundation

extension DeviceListing {
    /// The listing for programs; docs/devices.md says what the keys mean. A key without a value is left out.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let document = Document(
            cameras: cameras.map(Camera.init), microphones: microphones.map(Microphone.init),
            others: others.map { Other(node: $0.path, reason: $0.reason) },
            notes: notes.cameras + notes.microphones)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private struct Document: Encodable {
        var cameras: [Camera]
        var microphones: [Microphone]
        var others: [Other]
        var notes: [String]
    }

    private struct Other: Encodable {
        var node: String
        var reason: String
    }

    private struct Holder: Encodable {
        var process: Int
        var name: String

        init(_ holder: DeviceHolder) {
            process = holder.process
            name = holder.name
        }
    }

    private struct Problem: Encodable {
        var code: String
        var message: String

        init(_ error: CaptureError) {
            code = error.code.description
            message = error.message
        }
    }

    private struct Microphone: Encodable {
        var device: String
        var node: String
        var card: String
        var name: String
        var capacity: Int
        var busy: Bool
        var holders: [Holder]
        var problem: Problem?

        init(_ microphone: MicrophoneDescription) {
            device = microphone.name
            node = microphone.node
            card = microphone.card
            name = microphone.device
            capacity = microphone.capacity
            busy = microphone.isBusy
            holders = microphone.holders.map(Holder.init)
            problem = microphone.problem.map(Problem.init)
        }
    }

    private struct Camera: Encodable {
        var device: String
        var node: String
        var links: [String]
        var name: String
        var driver: String?
        var formats: [Format]
        var choice: Choice?
        var busy: Bool
        var holders: [Holder]
        var problem: Problem?

        init(_ camera: CameraDescription) {
            device = camera.device
            node = camera.node.path
            links = camera.node.stablePaths
            name = camera.name
            driver = camera.driver
            formats = camera.offers.map(Format.init)
            choice = camera.defaultChoice.map(Choice.init)
            busy = !camera.holders.isEmpty
            holders = camera.holders.map(Holder.init)
            problem = camera.problem.map(Problem.init)
        }
    }

    private struct Format: Encodable {
        var code: String
        var name: String
        var readable: Bool
        var sizes: [Size]

        init(_ offer: CameraOffer) {
            code = offer.code.description
            name = offer.name
            readable = offer.code.pixelFormat != nil
            sizes = offer.sizes.map(Size.init)
        }
    }

    /// One size, or with `least…` a range of sizes.
    private struct Size: Encodable {
        var width: Int
        var height: Int
        var leastWidth: Int?
        var leastHeight: Int?
        var rates: [Double]
        var leastRate: Double?

        init(_ size: CameraOffer.Size) {
            width = size.sizes.width.upperBound
            height = size.sizes.height.upperBound
            if size.sizes.single == nil {
                leastWidth = size.sizes.width.lowerBound
                leastHeight = size.sizes.height.lowerBound
            }
            rates = size.intervals.map(\.shortest.rate).sorted(by: >)
            if size.intervals.contains(where: { $0.shortest != $0.longest }) {
                leastRate = size.intervals.map(\.longest.rate).min()
            }
        }
    }

    private struct Choice: Encodable {
        var code: String
        var width: Int
        var height: Int
        var rate: Double?
        var cost: Double
        var reasons: [String]

        init(_ choice: ModeChoice) {
            code = choice.mode.code.description
            width = choice.mode.size.width
            height = choice.mode.size.height
            rate = choice.mode.interval?.rate
            cost = choice.cost
            reasons = choice.reasons.map(\.description)
        }
    }
}
