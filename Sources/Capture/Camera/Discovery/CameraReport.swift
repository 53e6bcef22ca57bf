import Glibc

/// A camera of this machine's.
public struct CameraDescription: Sendable {
    /// Its node and its links.
    public let node: CameraNode
    /// What it calls itself.
    public let name: String
    /// The kernel's driver; nil where the camera could not be asked.
    public let driver: String?
    /// What it offers; empty where it could not be asked.
    public let offers: [CameraOffer]
    /// Who has it open.
    public let holders: [DeviceHolder]
    /// Why it cannot be used, and what to do; nil where nothing is in the way.
    public let problem: CaptureError?

    /// The mode that heed takes for a wish, and why.
    ///
    /// - Throws: `.notOffered` where the camera offers no format that heed knows, or not the one that was asked for.
    public func choice(for wish: CameraWish = CameraWish()) throws(CaptureError) -> ModeChoice {
        var wish = wish
        wish.bandwidth = wish.bandwidth ?? node.bandwidth
        let choices = try ModeChoice.ranked(offers, for: wish)
        guard let best = choices.first else { throw CaptureError(.notOffered, "\(node.path): offers no mode") }
        return best
    }
}

/// What cameras there are, and what was looked for where there are none.
public struct CameraReport: Sendable {
    /// The cameras, in the order of their nodes.
    public let cameras: [CameraDescription]
    /// Nodes that give no pictures, with the reason.
    public let others: [(path: String, reason: String)]
    /// Devices that the kernel has but `/dev` does not.
    public let withoutNode: [String]
    /// The processes whose open files this user may not see: any of them may hold a camera.
    public let hiddenProcesses: Int

    /// Looks at each node of the tree; opens them, changes nothing, and waits for nobody.
    ///
    /// Where a camera has a range of sizes, its rates are those at the size that fits `wanted`.
    public init(tree: DeviceTree = DeviceTree(), wanted: PictureSize = CameraWish().size) {
        let holders = DeviceHolders(tree: tree)
        hiddenProcesses = holders.hiddenProcesses
        var cameras: [CameraDescription] = []
        var others: [(path: String, reason: String)] = []
        for node in CameraNode.all(in: tree) {
            do throws(CaptureError) {
                let open = try OpenCamera(node, tree: tree)
                let offers = try open.offers(near: wanted)
                cameras.append(
                    CameraDescription(
                        node: node, name: open.capability.card, driver: open.capability.driver, offers: offers,
                        holders: holders.of(node.path), problem: nil))
            } catch {
                if error.code == .unsuitable {
                    others.append((node.path, error.message))
                    continue
                }
                cameras.append(
                    CameraDescription(
                        node: node, name: node.name ?? node.path, driver: nil, offers: [],
                        holders: holders.of(node.path), problem: error))
            }
        }
        self.cameras = cameras
        self.others = others
        withoutNode = CameraNode.withoutNode(in: tree)
    }

    /// What was looked for and what to do where no camera was found.
    public var nothingFound: CaptureError {
        var message = "no camera: there is no /dev/video* that gives pictures"
        if !others.isEmpty { message += " (\(others.map(\.reason).joined(separator: "; ")))" }
        if !withoutNode.isEmpty {
            let devices = withoutNode.map { "--device /dev/\($0)" }.joined(separator: " ")
            return CaptureError(
                .notFound,
                "\(message). The kernel has \(withoutNode.joined(separator: ", ")): "
                    + "start the container with `\(devices)`.")
        }
        return CaptureError(
            .notFound,
            "\(message), and /sys/class/video4linux lists none. Plug one in, and see whether `lsusb` lists it; if so, "
                + "`sudo modprobe uvcvideo` loads the driver. In a virtual machine or container, pass the device "
                + "through.")
    }
}
