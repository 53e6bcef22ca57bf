import FoundationEssentials
import Glibc

/// What heed has changed of the machine's power settings, kept in a file so that it can be put back after a crash too.
///
/// The file is brought to the disk before anything is changed. It is valid for one boot of the machine: a restart
/// undoes all of these settings anyway.
struct PowerState: Codable {
    /// One value that is or was to be changed.
    struct Register: Codable {
        /// What holds it: a file of the kernel's, or a device.
        var target: String
        /// What it held before.
        var before: String
        /// What it holds under each of heed's settings, as it read back; nil while that is being found out.
        var written: [String]?
    }

    /// One knob, and who holds it.
    struct Held: Codable {
        var kind: PowerKind
        var holder: ProcessIdentity
        var registers: [Register]
        /// The control group that was made.
        var group: String?
        /// Whether the group above had to be given the controller.
        var enablesController = false
    }

    /// The boot that the values are of.
    var boot: String
    /// The knobs that are held, or were when their holder died.
    var held: [Held] = []

    /// The name of the machine's present boot.
    static var currentBoot: String {
        KernelFiles().readIfPresent("/proc/sys/kernel/random/boot_id")?.trimmed ?? "unknown"
    }
}

/// The file in which a `PowerState` is kept, changed by one process at a time.
struct PowerStateFile: Sendable {
    let path: String
    /// Another user whose file this one takes too: for root, who called `sudo`.
    var owner: uid_t?

    /// `power.json` in the state folder.
    static var standard: PowerStateFile {
        let caller = geteuid() == 0 ? StateFolder.variable("SUDO_UID").flatMap { uid_t($0) } : nil
        return PowerStateFile(path: StateFolder.root + "/power.json", owner: caller)
    }

    /// Whether there is anything to look at.
    var exists: Bool { access(path, F_OK) == 0 }

    /// The state as it is; nil when nothing is held.
    ///
    /// - Throws: `.stateNotKept`, and `.stateDamaged` for one that cannot be understood.
    func read() throws(MachineError) -> PowerState? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot be read", errno)
        }
        // What another user could have written must not tell this one what to set.
        let isOwn = status.st_uid == geteuid() || status.st_uid == owner
        guard isOwn, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o022 == 0 else {
            throw MachineError(
                .stateNotKept, "\(path): is not this user's alone; look at it and remove it: power settings are in it")
        }
        guard status.st_size <= 1 << 20 else { throw MachineError(.stateDamaged, "\(path): is too large to be heed's") }
        let text = try KernelFiles().read(path)
        do {
            return try JSONDecoder().decode(PowerState.self, from: Data(text.utf8))
        } catch {
            throw MachineError(.stateDamaged, "\(path): is damaged")
        }
    }

    /// Reads the state, lets `change` change it, and brings it to the disk, while no other heed can.
    ///
    /// - Throws: `.stateNotKept` and `.stateDamaged`, and what `change` throws; then the file is as it was.
    func change<Result>(
        _ change: (inout PowerState) throws(MachineError) -> Result
    ) throws(MachineError) -> Result {
        try locked { () throws(MachineError) in
            let boot = PowerState.currentBoot
            var state = try read() ?? PowerState(boot: boot)
            // A restart has put everything back.
            if state.boot != boot { state = PowerState(boot: boot) }
            let result = try change(&state)
            try write(state)
            return result
        }
    }

    /// Puts a file that cannot be understood aside, under another name, so that others can be kept.
    ///
    /// - Returns: What is said of it; nil where the file is whole, or none is there.
    /// - Throws: `.stateNotKept`.
    func setAsideDamaged() throws(MachineError) -> String? {
        try locked { () throws(MachineError) in
            do throws(MachineError) {
                _ = try read()
                return nil
            } catch {
                guard error.code == .stateDamaged else { throw error }
                let aside = path + ".damaged"
                guard rename(path, aside) == 0 else { throw failure("is damaged and cannot be put aside", errno) }
                return "\(error.message) and is kept as \(aside): what a heed that crashed changed is not put back; "
                    + "a restart of the machine does it"
            }
        }
    }

    /// Does something while no other heed can read or change the file.
    private func locked<Result>(
        _ body: () throws(MachineError) -> Result
    ) throws(MachineError) -> Result {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw MachineError(.stateNotKept, "\(folder): cannot be made: \(error)")
        }
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw failure("cannot be locked", errno) }
        defer { close(lock) }
        giveToOwner(lock, of: folder)
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("cannot be locked", errno) }
        }
        return try body()
    }

    private var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    private func write(_ state: PowerState) throws(MachineError) {
        guard !state.held.isEmpty else {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot be removed", errno) }
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(state) else { throw failure("cannot be coded", 0) }
        let new = path + ".new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("cannot be written", errno) }
        giveToOwner(file, of: folder)
        let isWritten = data.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } == data.count
        let isSafe = isWritten && fsync(file) == 0
        let code = errno
        close(file)
        guard isSafe else { throw failure("cannot be written", code) }
        guard rename(new, path) == 0 else { throw failure("cannot be written", errno) }
        // So that the name survives too.
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    /// Gives a file that root made in another user's folder to that user, who could not read it else.
    private func giveToOwner(_ file: Int32, of folder: String) {
        var (parent, made) = (stat(), stat())
        guard let owner, stat(folder, &parent) == 0, parent.st_uid == owner else { return }
        // A file of root's could have been given this name too.
        guard fstat(file, &made) == 0, made.st_nlink == 1 else { return }
        _ = fchown(file, owner, parent.st_gid)
    }

    private func failure(_ what: String, _ code: Int32) -> MachineError {
        let why = code == 0 ? "" : ": \(String(cString: strerror(code)))"
        return MachineError(.stateNotKept, "\(path): \(what)\(why)")
    }
}
