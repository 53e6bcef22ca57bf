import Glibc

/// Why a user may not open a device, and the command that changes it.
///
/// A pure value over what the file system and the user's groups say.
public struct DevicePermission: Hashable, Sendable {
    /// The device.
    public var device: String
    /// The permission bits.
    public var mode: UInt32
    /// The number of the device's group, and its name where it has one.
    public var group: UInt32
    /// The group's name; nil where it has none.
    public var groupName: String?
    /// The user's name.
    public var user: String
    /// Whether this process has the group.
    public var hasGroup: Bool
    /// Whether the user is entered in the group, with or without having logged in since.
    public var isEntered: Bool

    /// Makes the facts of a device.
    public init(
        device: String, mode: UInt32, group: UInt32, groupName: String?, user: String, hasGroup: Bool, isEntered: Bool
    ) {
        self.device = device
        self.mode = mode
        self.group = group
        self.groupName = groupName
        self.user = user
        self.hasGroup = hasGroup
        self.isEntered = isEntered
    }

    /// Reads the facts of a device; nil where there is none.
    init?(of device: String, tree: DeviceTree) {
        var status = stat()
        guard stat(tree.path(device), &status) == 0 else { return nil }
        let groups = Self.groups(tree)
        let group = groups.first { $0.number == status.st_gid }
        let user = Self.userName(tree)
        self.init(
            device: device, mode: status.st_mode, group: status.st_gid, groupName: group?.name, user: user,
            hasGroup: Self.ownGroups().contains(status.st_gid), isEntered: group?.members.contains(user) ?? false)
    }

    /// What keeps this user from a device that the kernel has, and what to do; nil where nothing does.
    static func problem(with device: String, in tree: DeviceTree) -> CaptureError? {
        if tree.mayUse(device) { return nil }
        if let permission = DevicePermission(of: device, tree: tree) { return permission.explanation }
        return CaptureError(
            .notFound,
            "\(device): is not there, though the kernel has the device. Start the container with "
                + "`--device \(folder(of: device))`; where there is none, run `sudo udevadm trigger`.")
    }

    /// What a container is to be given: a microphone is of no use without its card's other nodes.
    private static func folder(of device: String) -> String {
        device.hasPrefix("/dev/snd/") ? "/dev/snd" : device
    }

    /// What is missing, and what to do.
    public var explanation: CaptureError {
        CaptureError(.denied, "\(device): \(user) may not open it. \(remedy)")
    }

    /// What to do.
    public var remedy: String {
        let groupMayUse = mode & 0o060 == 0o060
        guard let groupName, group != 0, groupMayUse else {
            let rule = "/etc/udev/rules.d/70-heed.rules"
            return "No group of users may. Until the next start: `sudo chmod a+rw \(device)`. For good: "
                + "`echo 'SUBSYSTEM==\"video4linux|sound\", TAG+=\"uaccess\"' | sudo tee \(rule)`, then plug it in "
                + "again."
        }
        if hasGroup {
            // The bits allow it, so that the refusal comes from elsewhere: a container's list of devices, or a sandbox.
            return "Its permissions would allow it: a container or sandbox forbids it. "
                + "Start the container with `--device \(Self.folder(of: device))`."
        }
        if isEntered {
            return "\(user) was added to the group \(groupName): log out and in again, or `newgrp \(groupName)`."
        }
        return "Its group \(groupName) may: `sudo usermod -aG \(groupName) \(user)`, then log out and in again."
    }

    private static func ownGroups() -> Set<UInt32> {
        let count = getgroups(0, nil)
        var groups = [gid_t](repeating: 0, count: max(0, Int(count)))
        let found = getgroups(count, &groups)
        return Set(groups.prefix(max(0, Int(found)))).union([getegid()])
    }

    private static func groups(_ tree: DeviceTree) -> [(name: String, number: UInt32, members: [String])] {
        (tree.text("/etc/group") ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let number = UInt32(fields[2]) else { return nil }
            return (String(fields[0]), number, fields[3].split(separator: ",").map(String.init))
        }
    }

    private static func userName(_ tree: DeviceTree) -> String {
        let own = "\(geteuid())"
        let line = (tree.text("/etc/passwd") ?? "").split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .first { $0.count > 2 && $0[2] == own }
        return line.map { String($0[0]) } ?? "user \(own)"
    }
}
