import Glibc

/// Where heed keeps what must outlive a run, such as power settings to put back and results that wait for a sink:
/// `$XDG_STATE_HOME/heed`, by default `~/.local/state/heed` (XDG Base Directory Specification).
public enum StateFolder {
    /// The folder itself; it may not be there yet.
    public static var root: String {
        // The specification has relative paths ignored.
        if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/heed" }
        let home = variable("HOME") ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) } ?? ""
        return home + "/.local/state/heed"
    }

    /// The value of an environment variable; nil when it is not set or empty.
    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
