/// A graphics card or a processor's own graphics, as the kernel sees it.
public struct GraphicsCard: Sendable, Hashable {
    /// Who makes it, or its number where that is unknown.
    public var maker: String
    /// Where it is: its PCI address, or the kernel's name of the device.
    public var place: String
    /// The kernel's driver; nil where none has taken it.
    public var driver: String?

    private static let bus = "/sys/bus/pci/devices"
    private static let nodes = "/sys/class/drm"
    private static let makers = [
        "0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel", "0x1af4": "virtio", "0x1234": "QEMU",
        "0x15ad": "VMware",
        "0x106b": "Apple",
    ]

    /// The cards of the machine whose `/sys` is under `root`; empty for the machine's own.
    public static func all(root: String = "") -> [GraphicsCard] {
        let files = KernelFiles(root: root)
        // Display controllers are of PCI class 3.
        let cards = files.names(in: bus).compactMap { place -> GraphicsCard? in
            let folder = "\(bus)/\(place)"
            guard files.readIfPresent(folder + "/class")?.hasPrefix("0x03") ?? false else { return nil }
            let vendor = files.readIfPresent(folder + "/vendor")?.trimmed ?? "of an unknown make"
            return GraphicsCard(maker: makers[vendor] ?? vendor, place: place, driver: driver(folder, files))
        }
        // Those of a system on a chip have a driver only.
        let others = files.names(in: nodes).compactMap { node -> GraphicsCard? in
            guard node.hasPrefix("card"), Int(node.dropFirst(4)) != nil,
                files.readIfPresent("\(nodes)/\(node)/device/vendor") == nil,
                let driver = driver("\(nodes)/\(node)/device", files)
            else { return nil }
            return GraphicsCard(maker: "on the chip", place: node, driver: driver)
        }
        return cards + others
    }

    private static func driver(_ folder: String, _ files: KernelFiles) -> String? {
        let prefix = "DRIVER="
        let lines = files.readIfPresent(folder + "/uevent")?.split(separator: "\n") ?? []
        return lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
