private import CProcess
import Glibc

/// The process that started this one.
public enum ParentProcess {
    /// Asks the kernel to end this process (SIGTERM) when its parent ends, however that comes about.
    ///
    /// The parent's thread that started this process counts (`PR_SET_PDEATHSIG`, prctl(2)).
    /// - Returns: False where the parent is not process `parent`: it has ended already.
    public static func endWith(parent: Int32) -> Bool {
        _ = heed_signal_at_end_of_parent(SIGTERM)
        return getppid() == parent
    }
}
