import Glibc

/// A node of Video4Linux's, as the file system shows it; nothing is opened.
public struct CameraNode: Hashable, Sendable {
    /// Its path, such as `/dev/video0`; another one after the camera was plugged in again.
    public let path: String
    /// The links to it that stay the same: by maker, model and serial number first, then by the port.
    public let stablePaths: [String]
    /// What the kernel calls it; nil where that cannot be read.
    public let name: String?
    /// The megabits a second of its USB connection; nil where it has none.
    public let usbSpeed: Double?

    /// Where stable links are.
    static let linkFolders = ["/dev/v4l/by-id", "/dev/v4l/by-path"]

    /// All nodes, in the order of their numbers.
    static func all(in tree: DeviceTree) -> [CameraNode] {
        let links = linkFolders.flatMap { folder in
            tree.names(in: folder).compactMap { name in
                tree.link("\(folder)/\(name)").map { (path: "\(folder)/\(name)", target: lastPart($0)) }
            }
        }
        return tree.names(in: "/dev").compactMap { name in number(name).map { (name, $0) } }
            .sorted { $0.1 < $1.1 }
            .map { name, _ in
                let folder = "/sys/class/video4linux/\(name)"
                return CameraNode(
                    path: "/dev/\(name)", stablePaths: links.filter { $0.target == name }.map(\.path),
                    name: tree.text("\(folder)/name"),
                    usbSpeed: tree.text("\(folder)/device/../speed").flatMap(Double.init))
            }
    }

    /// The devices that the kernel has but `/dev` does not, as in a container that was not given them.
    static func withoutNode(in tree: DeviceTree) -> [String] {
        tree.names(in: "/sys/class/video4linux").filter { number($0) != nil && !tree.exists("/dev/\($0)") }
    }

    /// The bytes a second that the connection carries for one camera; nil where it has no narrow one.
    ///
    /// At high speed, USB carries 3 × 1024 bytes in each of 8000 microframes of a periodic stream; other speeds are
    /// taken at two fifths of their bits, which is less than they carry.
    public var bandwidth: Double? {
        usbSpeed.map { $0 == 480 ? 24_576_000 : $0 * 1e6 / 8 * 0.4 }
    }

    private static func number(_ name: String) -> Int? {
        guard name.hasPrefix("video") else { return nil }
        let digits = name.dropFirst(5)
        return digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) : nil
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
