/// Whether this user may open a device, and what to do when not.
public enum DeviceAccess: Sendable, Hashable {
    /// It may be opened.
    case allowed
    /// The kernel has the device, but its node is not in `/dev`: so it is in most containers.
    case missing(node: String)
    /// The members of a group may.
    case forGroup(String, node: String)
    /// Nobody but its owner may.
    case forOwner(String, node: String)

    /// What keeps the device closed, and the command that opens it; nil when it is open.
    public var advice: String? {
        switch self {
        case .allowed:
            nil
        case .missing(let node):
            "\(node) is not there, though the kernel has the device. In a container, start that with "
                + "`--device /dev/snd`; elsewhere run `sudo udevadm trigger`."
        case .forGroup(let group, let node):
            "\(node) is open to the group \(group) only. Run `sudo usermod -aG \(group) \"$USER\"`, then log out and in."
        case .forOwner(let owner, let node):
            "\(node) is open to \(owner) only. Run `sudo chmod g+rw,o+rw \(node)`, or run heed as \(owner)."
        }
    }

    /// Looks at a device's node.
    init(node: String, on machine: KernelTree) {
        guard let ownership = machine.ownership(of: node) else {
            self = .missing(node: node)
            return
        }
        self.init(
            node: node, mayUse: machine.mayUse(node), mode: ownership.mode,
            owner: machine.name(of: ownership.user, in: "/etc/passwd") ?? String(ownership.user),
            group: machine.name(of: ownership.group, in: "/etc/group") ?? String(ownership.group))
    }

    /// Judges what is known of a device's node.
    init(node: String, mayUse: Bool, mode: UInt32, owner: String, group: String) {
        let groupMayUse = mode & 0o060 == 0o060
        self =
            mayUse
            ? .allowed : groupMayUse && group != "root" ? .forGroup(group, node: node) : .forOwner(owner, node: node)
    }
}
