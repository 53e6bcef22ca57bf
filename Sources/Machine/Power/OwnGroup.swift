import Glibc

/// A control group that heed makes for itself and removes again.
struct OwnGroup {
    /// The group's folder below the root.
    let folder: String
    /// Whether the group above must first give its children the controller, and take it from them again.
    let enablesController: Bool
    let files: KernelFiles

    /// What the group of a process is called.
    static func name(_ process: pid_t) -> String { "heed-\(process)" }

    /// Whether a state file's folder is one that a process could have made.
    static func isOwn(_ folder: String, of process: pid_t) -> Bool {
        let parts = folder.split(separator: "/")
        return parts.last.map(String.init) == name(process) && !parts.contains("..")
    }

    private var above: String { String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]) }

    /// Makes the group, without a quota so far, and moves a process into it.
    ///
    /// - Throws: `.refused`; then the process is where it was.
    func make(isUnified: Bool, for process: pid_t, from home: String, period: Int) throws(MachineError) {
        guard mkdir(files.root + folder, 0o755) == 0 || errno == EEXIST else {
            throw failure("the control group cannot be made", errno)
        }
        do {
            if isUnified {
                // The process first, then the controller: a group may not have both children with one and processes.
                try put("\(process)", into: folder + "/cgroup.procs")
                if enablesController { try put("+cpu", into: above + "/cgroup.subtree_control") }
                try put("max \(period)", into: folder + "/cpu.max")
            } else {
                try put("\(period)", into: folder + "/cpu.cfs_period_us")
                try put("-1", into: folder + "/cpu.cfs_quota_us")
                shareRealTime()
                try put("\(process)", into: folder + "/cgroup.procs")
            }
        } catch {
            try? remove(to: home)
            throw error
        }
    }

    /// Moves who is in the group to another one, and removes it; nothing where there is none.
    ///
    /// - Parameter home: Where the processes go; the group above when nil.
    /// - Throws: `.refused`.
    func remove(to home: String? = nil) throws(MachineError) {
        guard access(files.root + folder, F_OK) == 0 else { return }
        if enablesController { try? put("-cpu", into: above + "/cgroup.subtree_control") }
        for process in files.words(folder + "/cgroup.procs") {
            try? put(process, into: (home ?? above) + "/cgroup.procs")
        }
        if !files.root.isEmpty { removeCopy() }
        guard rmdir(files.root + folder) == 0 || errno == ENOENT else {
            throw failure("the control group cannot be removed", errno)
        }
    }

    /// With real-time groups, a new one has no real-time share, and no real-time thread can be in it.
    private func shareRealTime() {
        let file = "/cpu.rt_runtime_us"
        guard files.number(folder + file) == 0, let most = files.number(above + file), most > 0 else { return }
        for part in [2, 4, 8] where (try? put("\(most / part)", into: folder + file)) != nil { return }
    }

    /// A copied tree has files where the kernel has entries that vanish with the group.
    private func removeCopy() {
        for name in files.names(in: folder) { unlink("\(files.root)\(folder)/\(name)") }
    }

    private func put(_ text: String, into path: String) throws(MachineError) {
        let flags = files.root.isEmpty ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CLOEXEC | O_CREAT | O_TRUNC
        let file = open(files.root + path, flags, 0o644)
        guard file >= 0 else { throw failure("\(path) cannot be opened", errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else {
            throw failure("\(path): the kernel refused \(text)", errno)
        }
    }

    private func failure(_ what: String, _ code: Int32) -> MachineError {
        MachineError(.refused, "\(files.root)\(folder): \(what): \(String(cString: strerror(code)))")
    }
}
