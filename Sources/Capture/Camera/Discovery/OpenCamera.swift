import Glibc

/// A camera's node, open; closed when this goes away.
struct OpenCamera: ~Copyable {
    /// The node.
    let node: CameraNode
    /// What it says of itself.
    let capability: V4L2.Capability
    /// Its calls.
    let calls: V4L2

    /// Opens a node.
    ///
    /// - Throws: `.notFound`, `.denied`, `.busy`, or `.unsuitable` for a node that gives no pictures.
    init(_ node: CameraNode, tree: DeviceTree) throws(CaptureError) {
        let file: Int32
        do throws(SystemCallError) {
            file = try Kernel.open(tree.path(node.path), O_RDWR | O_NONBLOCK)
        } catch {
            throw Self.explain(error, node, tree)
        }
        let capability: V4L2.Capability
        do throws(SystemCallError) {
            capability = try V4L2.capability(of: file)
        } catch {
            close(file)
            if error.number == ENOTTY || error.number == EINVAL {
                throw CaptureError(.unsuitable, "\(node.path): is no Video4Linux device")
            }
            throw Self.explain(error, node, tree)
        }
        guard capability.isCamera else {
            close(file)
            throw Self.unsuitable(capability, node)
        }
        self.node = node
        self.capability = capability
        calls = V4L2(file: file, usesPlanes: capability.usesPlanes)
    }

    deinit { close(calls.file) }

    /// All that the camera offers.
    func offers(near wanted: PictureSize) throws(CaptureError) -> [CameraOffer] {
        do throws(SystemCallError) {
            return try CameraOffer.all(of: calls, near: wanted)
        } catch {
            throw Self.failed(error, node)
        }
    }

    /// Says what a node is that is no camera.
    static func unsuitable(_ capability: V4L2.Capability, _ node: CameraNode) -> CaptureError {
        let what =
            if capability.isMetadata {
                "gives data about pictures, not pictures: the camera's other node does"
            } else if capability.capturesPictures {
                "gives pictures only one read at a time, without their times"
            } else {
                "takes no pictures"
            }
        return CaptureError(.unsuitable, "\(node.path): \(capability.card) \(what)")
    }

    /// Says why a node could not be opened.
    static func explain(_ error: SystemCallError, _ node: CameraNode, _ tree: DeviceTree) -> CaptureError {
        switch error.number {
        case ENOENT, ENODEV, ENXIO:
            CaptureError(.notFound, "\(node.path): there is no such camera now. Plug it in again.")
        case EACCES, EPERM:
            DevicePermission(of: node.path, tree: tree)?.explanation ?? failed(error, node)
        case EBUSY: DeviceHolders(tree: tree).explain(busy: node.path)
        default: failed(error, node)
        }
    }

    /// Says which call failed.
    static func failed(_ error: SystemCallError, _ node: CameraNode) -> CaptureError {
        CaptureError(
            error.number == ENODEV ? .disconnected : .failed,
            "\(node.path): \(error). `sudo dmesg | tail` may say more; plug the camera in again.")
    }
}
