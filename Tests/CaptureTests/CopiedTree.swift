import FoundationEssentials

@testable import Capture

/// A copy of the folders in which a kernel shows devices and processes; it goes away with its owner.
final class CopiedTree {
    let root: String
    var tree: DeviceTree { DeviceTree(root: root) }

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/heed-devices-" + UUID().uuidString
        for folder in ["/dev", "/proc", "/sys", "/etc"] { try makeFolder(folder) }
    }

    convenience init(_ files: [String: String]) throws {
        try self.init()
        for (path, text) in files { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }

    func write(_ text: String, to path: String) throws {
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Data(text.utf8).write(to: URL(filePath: root + path))
    }

    func link(_ path: String, to target: String) throws {
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try FileManager.default.createSymbolicLink(atPath: root + path, withDestinationPath: target)
    }

    /// Adds a node, with what `/sys` says and links by serial number and port where they are given.
    func addCamera(_ number: Int, name: String, id: String? = nil, port: String? = nil, speed: String? = nil) throws {
        try write("", to: "/dev/video\(number)")
        try write(name + "\n", to: "/sys/class/video4linux/video\(number)/name")
        if let id { try link("/dev/v4l/by-id/\(id)", to: "../../video\(number)") }
        if let port { try link("/dev/v4l/by-path/\(port)", to: "../../video\(number)") }
        if let speed {
            try write(speed + "\n", to: "/sys/devices/usb-\(number)/speed")
            try makeFolder("/sys/devices/usb-\(number)/interface")
            try link("/sys/class/video4linux/video\(number)/device", to: "../../../devices/usb-\(number)/interface")
        }
    }
}
