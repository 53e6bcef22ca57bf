import COnnxRuntime
import Glibc
import Synchronization

/// ONNX Runtime, opened at run time: the one engine behind every recogniser.
///
/// A library is opened once in a process and stays open; loading it again gives the same instance. Its sessions share
/// one memory arena, so that what one recogniser used for its intermediate results serves the next.
///
/// Safe to use from any thread.
public final class OnnxRuntime: @unchecked Sendable {
    // Sendable: every stored property is a constant. The function table is read-only; ONNX Runtime documents its
    // environment, memory descriptions and default allocator as usable by many threads. None of them is ever released.

    /// The library's version, for example `1.31.1`.
    public let version: String
    /// The library's file.
    public let path: String

    let api: ort_api
    private let base: UnsafePointer<ort_api_base>
    let environment: OpaquePointer
    let processorMemory: OpaquePointer
    let allocator: OpaquePointer

    private static let remedy = "Set \(RuntimeLibrary.variable) to another library."
    private static let loaded = Mutex<[OnnxRuntime]>([])

    /// Opens ONNX Runtime's library, or gives the instance that is open.
    ///
    /// - Parameter path: The library's file. When nil, the first of these that exists: `$HEED_ONNXRUNTIME`,
    ///   `libonnxruntime.so` in ``DataFolder/libraries``, and what the system's loader finds under that name.
    /// - Throws: `.runtimeMissing` with every place looked at, `.runtimeTooOld`, `.runtimeUnusable`.
    public static func load(path: String? = nil) throws(RecognitionError) -> OnnxRuntime {
        let (base, path) = try RuntimeLibrary.open(
            path: path, variable: DataFolder.environment(RuntimeLibrary.variable), folder: DataFolder.libraries)
        return try load(base: base, path: path)
    }

    private static func load(
        base: UnsafePointer<ort_api_base>, path: String
    ) throws(RecognitionError) -> OnnxRuntime {
        try loaded.withLock { (loaded) throws(RecognitionError) in
            if let known = loaded.first(where: { $0.path == path }) { return known }
            let runtime = try OnnxRuntime(base: base, path: path)
            loaded.append(runtime)
            return runtime
        }
    }

    private init(base: UnsafePointer<ort_api_base>, path: String) throws(RecognitionError) {
        version = base.pointee.GetVersionString().map { String(cString: $0) } ?? "of an unknown version"
        self.path = path
        let api = try RuntimeLibrary.table(of: base, path: path, library: version)

        func need(
            _ what: String, _ call: (inout OpaquePointer?) -> OpaquePointer?
        ) throws(RecognitionError) -> OpaquePointer {
            var made: OpaquePointer?
            let failure = api.message(releasing: call(&made))
            guard let made, failure == nil else {
                throw RecognitionError(
                    .runtimeUnusable, "\(path): cannot make \(what): \(failure ?? "no reason given"). \(Self.remedy)")
            }
            return made
        }

        // Every failure comes back as a status whose text heed shows; logging it too would print it twice.
        environment = try need("an environment") { api.CreateEnv(UInt32(ort_log_fatal), "heed", &$0) }
        processorMemory = try need("a description of memory") {
            api.CreateCpuMemoryInfo(Int32(ort_allocator_arena), Int32(ort_memory_default), &$0)
        }
        allocator = try need("an allocator") { api.GetAllocatorWithDefaultOptions(&$0) }
        self.api = api
        self.base = base
        try shareArena()
    }

    /// The part of the function table that execution providers need; a library that lacks it runs graphs on the CPU.
    ///
    /// - Throws: `.processorUnavailable` where the library is too old.
    func providerAPI(
        release: Int = ort_provider_api_version
    ) throws(RecognitionError) -> UnsafePointer<ort_provider_api> {
        guard let table = base.pointee.GetApi(UInt32(release)) else {
            throw RecognitionError(
                .processorUnavailable,
                reason: "\(path) is ONNX Runtime \(version); other processors than the CPU need 1.\(release) or later",
                remedy: "Run `heed models build`, or set \(RuntimeLibrary.variable) to a later library.")
        }
        // Every release hands out one table, of which those for earlier versions are the beginning.
        return UnsafeRawPointer(table).assumingMemoryBound(to: ort_provider_api.self)
    }

    /// Gives the environment one arena for the intermediate results of all sessions.
    ///
    /// With an arena of its own, each of twelve sessions keeps what its largest run needed: 330 MB instead of 230.
    private func shareArena() throws(RecognitionError) {
        let keys: [StaticString] = ["arena_extend_strategy"]
        let values = [1]  // Grow by what is asked for, not to the next power of two.
        var names = keys.map { Optional(UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self)) }
        var arena: OpaquePointer?
        try check(
            .runtimeUnusable, "describe an arena", in: path, remedy: Self.remedy,
            api.CreateArenaCfgV2(&names, values, keys.count, &arena))
        guard let arena else { return }
        defer { api.ReleaseArenaCfg(arena) }
        try check(
            .runtimeUnusable, "share an arena", in: path, remedy: Self.remedy,
            api.CreateAndRegisterAllocator(environment, processorMemory, arena))
    }

    /// Releases the status of a call and throws its text if there is one.
    func check(
        _ code: RecognitionError.Code, _ action: String, in place: String,
        remedy: String = "Run `heed models verify`.", _ status: OpaquePointer?
    ) throws(RecognitionError) {
        guard let failure = api.message(releasing: status) else { return }
        throw RecognitionError(
            code, reason: "\(place): cannot \(action); ONNX Runtime \(version) says: \"\(failure)\"", remedy: remedy)
    }
}

extension ort_api {
    /// The text of a failed call's status, which it releases; nil when the call went well.
    func message(releasing status: OpaquePointer?) -> String? {
        guard let status else { return nil }
        defer { ReleaseStatus(status) }
        guard let text = GetErrorMessage(status) else { return "no reason" }
        var words = String(cString: text)
        while let last = words.last, last.isWhitespace || last == "." { words.removeLast() }
        return words
    }
}
