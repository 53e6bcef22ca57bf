import COpenVINO
import Glibc
import Synchronization

/// OpenVINO, opened at run time: another engine for the machine's own cores, of any maker, that also computes in bf16.
///
/// heed calls it directly. Its plug-in for ONNX Runtime (1.8.1) finds devices by Intel only, so not others' cores, on
/// which OpenVINO itself runs well; and without ONNX Runtime between, no part of a graph can be left to another
/// engine.
///
/// A library is opened once in a process and stays open. Safe to use from any thread.
final class OpenVINO: @unchecked Sendable {
    // Sendable: every stored property is a constant. OpenVINO documents its core as usable by many threads; it is never
    // released.

    /// The library's version, for example `2026.4.1`.
    let version: String
    /// The maker's name for the cores.
    let device: String
    /// The precisions that the cores compute in by instructions of their own.
    let precisions: [Precision]

    let functions: UnsafePointer<openvino_functions>
    let core: OpaquePointer

    private static let remedy = "Run `make extras`, which fetches OpenVINO."
    private static let loaded = Mutex<[String: OpenVINO]>([:])

    /// Opens the library, or gives the one that is open.
    ///
    /// - Throws: `.processorUnavailable` where it is missing, damaged or of another release.
    static func load(_ path: String = ExtraFile.openvino) throws(RecognitionError) -> OpenVINO {
        try loaded.withLock { (loaded) throws(RecognitionError) in
            if let known = loaded[path] { return known }
            let library = try OpenVINO(path)
            loaded[path] = library
            return library
        }
    }

    private init(_ path: String) throws(RecognitionError) {
        try ExtraFile.require(path, for: .openvino, remedy: Self.remedy)
        var reason: UnsafePointer<CChar>?
        guard let functions = openvino_open(path, &reason) else {
            let words = reason.map { String(cString: $0) } ?? "\(path): no reason given"
            throw .unavailable(.openvino, "OpenVINO cannot be opened: \(words)", remedy: Self.remedy)
        }
        self.functions = functions
        version = Self.version(functions)
        guard version.hasPrefix(OPENVINO_RELEASE + ".") else {
            throw .unavailable(
                .openvino, "\(path) is OpenVINO \(version); heed works with \(OPENVINO_RELEASE)", remedy: Self.remedy)
        }
        var core: OpaquePointer?
        guard functions.pointee.core_create(&core) == 0, let core else {
            throw .unavailable(.openvino, "OpenVINO does not start: \(Self.lastError(functions))", remedy: Self.remedy)
        }
        self.core = core
        func property(_ key: String) -> String? {
            Self.text(functions) { functions.pointee.core_get_property(core, "CPU", key, &$0) }
        }
        guard let name = property("FULL_DEVICE_NAME"), let abilities = property("OPTIMIZATION_CAPABILITIES") else {
            throw .unavailable(.openvino, "OpenVINO has no CPU: \(Self.lastError(functions))", remedy: Self.remedy)
        }
        device = name
        // OpenVINO offers bf16 on cores that must compose it of other instructions, too, where it is slower than fp32.
        let hasBfloat16 = abilities.split(separator: " ").contains("BF16") && CoreFeatures.read().hasBfloat16
        precisions = hasBfloat16 ? [.fp32, .bf16] : [.fp32]
    }

    /// Throws OpenVINO's words where a call went wrong.
    func check(
        _ code: RecognitionError.Code, _ action: String, in place: String, remedy: String, _ status: openvino_status
    ) throws(RecognitionError) {
        guard status != 0 else { return }
        throw RecognitionError(
            code, reason: "\(place): cannot \(action); OpenVINO \(version) says: \"\(lastError)\"", remedy: remedy)
    }

    /// What went wrong last on this thread, on one line.
    var lastError: String { Self.lastError(functions) }

    /// Text that OpenVINO makes, such as a name or a property; nil where the call went wrong.
    static func text(
        _ functions: UnsafePointer<openvino_functions>, _ call: (inout UnsafeMutablePointer<CChar>?) -> openvino_status
    ) -> String? {
        var characters: UnsafeMutablePointer<CChar>?
        guard call(&characters) == 0, let characters else { return nil }
        defer { functions.pointee.free(characters) }
        return String(cString: characters)
    }

    private static func version(_ functions: UnsafePointer<openvino_functions>) -> String {
        var version = openvino_version()
        guard functions.pointee.get_openvino_version(&version) == 0 else { return "of an unknown version" }
        defer { functions.pointee.version_free(&version) }
        let build = version.build_number.map { String(cString: $0) } ?? ""
        return build.split(separator: "-").first.map(String.init) ?? "of an unknown version"
    }

    private static func lastError(_ functions: UnsafePointer<openvino_functions>) -> String {
        guard let words = functions.pointee.get_last_err_msg() else { return "no reason given" }
        let lines = String(cString: words).split(whereSeparator: \.isNewline)
        // The first lines name places in OpenVINO's own source.
        let telling = lines.filter { !$0.hasPrefix("Exception from ") && !$0.hasPrefix("Check '") }
        return (telling.isEmpty ? lines : telling).map { $0.trimmed() }.joined(separator: " ")
    }
}

extension Substring {
    fileprivate func trimmed() -> String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
