/// Which camera is meant, whatever node it has at the moment.
///
/// A camera that is plugged in again often gets another number. Its links by serial number and by port stay.
public struct CameraIdentity: Hashable, Sendable {
    /// What the user asked for: a path; nil for the first camera there is.
    public let requested: String?
    /// The stable links of the camera that was found first; empty until one was, and for a camera without any.
    public private(set) var stablePaths: [String] = []
    /// The camera as it was found last; nil until it was.
    public private(set) var found: CameraNode?

    private var name: String? { found?.name }

    /// Makes the identity of what the user asked for.
    public init(requested: String? = nil) { self.requested = requested }

    /// Fixes the identity on a camera that was found.
    mutating func fix(on node: CameraNode) {
        if found == nil { stablePaths = node.stablePaths }
        found = node
    }

    /// Opens the camera.
    ///
    /// - Throws: `.notFound` where it is not there, and what `OpenCamera` throws where it is.
    func open(in tree: DeviceTree) throws(CaptureError) -> OpenCamera {
        let nodes = CameraNode.all(in: tree)
        var reason: CaptureError?
        for node in candidates(among: nodes, tree: tree) {
            do throws(CaptureError) {
                return try OpenCamera(node, tree: tree)
            } catch {
                // What is in the way of a camera says more than that another node is none.
                if reason == nil || reason?.code == .unsuitable { reason = error }
            }
        }
        if let reason, reason.code != .unsuitable || requested != nil { throw reason }
        throw missing(nodes, tree)
    }

    private func missing(_ nodes: [CameraNode], _ tree: DeviceTree) -> CaptureError {
        guard let wanted = found?.stablePaths.first ?? found?.path ?? requested, !nodes.isEmpty else {
            let nothing = CameraReport(tree: tree).nothingFound
            return requested.map { CaptureError(nothing.code, "\($0): \(nothing.message)") } ?? nothing
        }
        let names = nodes.map { $0.stablePaths.first ?? $0.path }.joined(separator: ", ")
        return CaptureError(.notFound, "\(wanted): there is no such camera now. Plug it in, or choose from \(names).")
    }

    /// The nodes that may be the camera, the likeliest first.
    ///
    /// Once fixed, a link by serial number decides, then one by port, then the node asked for if it has the same name,
    /// then any node without a link of its own that has the same name.
    func candidates(among nodes: [CameraNode], tree: DeviceTree) -> [CameraNode] {
        for stable in stablePaths {
            let found = nodes.filter { $0.stablePaths.contains(stable) }
            if !found.isEmpty { return found }
        }
        // A camera that had a link by serial number is not another one of the same make.
        guard stablePaths.isEmpty else { return [] }
        let possible = nodes.filter { name == nil || $0.name == name }
        guard let requested else { return possible }
        let asked = possible.filter { $0.path == resolved(requested, tree) || $0.stablePaths.contains(requested) }
        return asked.isEmpty && name != nil ? possible.filter { $0.stablePaths.isEmpty } : asked
    }

    /// The node that a path leads to: a link made by hand counts too.
    private func resolved(_ path: String, _ tree: DeviceTree) -> String {
        guard let target = tree.link(path), let last = target.split(separator: "/").last else { return path }
        return "/dev/\(last)"
    }
}
