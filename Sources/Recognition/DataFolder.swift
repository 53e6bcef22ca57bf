import Glibc

/// Where heed keeps a user's data: `$XDG_DATA_HOME/heed`, by default `~/.local/share/heed` (XDG Base Directory
/// Specification).
public enum DataFolder {
    /// The folder itself.
    public static var root: String { path(environment: environment) }
    /// The model bundles, one folder each.
    public static var models: String { root + "/models" }
    /// Libraries opened at run time, such as ONNX Runtime's.
    public static var libraries: String { root + "/lib" }
    /// Profiles of this machine's candidates.
    public static var profiles: String { root + "/profiles" }
    /// What policies learned, a file for each and each stream.
    public static var learned: String { root + "/learned" }

    /// The data folder that the given environment names.
    static func path(environment: (String) -> String?) -> String {
        // The specification has relative paths ignored.
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/heed" }
        return (environment("HOME") ?? homeOfUser() ?? "") + "/.local/share/heed"
    }

    /// The value of an environment variable; nil when it is not set or empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    private static func homeOfUser() -> String? {
        guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
        return String(cString: home)
    }
}
