import Testing

@testable import Recognition

struct OnnxRuntimeTests {
    @Test func aMissingLibraryIsAnErrorThatListsWhereItWasLookedFor() throws {
        let error = try recognitionError {
            _ = try RuntimeLibrary.open(path: nil, variable: "/nowhere/env.so", folder: "/nowhere")
        }
        #expect(error.code == .runtimeMissing)
        #expect(error.message.contains("$HEED_ONNXRUNTIME: /nowhere/env.so"))
        #expect(error.message.contains("heed models build"))
    }

    @Test func theDataFolderComesBeforeTheSystemsLoader() throws {
        let folder = try TemporaryFolder()
        do {
            // A machine may have the library installed; then there is nothing to list.
            let found = try RuntimeLibrary.open(path: nil, variable: nil, folder: folder.path)
            #expect(!found.path.hasPrefix(folder.path))
        } catch {
            let places = [folder.path + "/libonnxruntime.so", "the system's loader: libonnxruntime.so"]
            let positions = places.map { error.message.ranges(of: $0).first?.lowerBound }
            let first = try #require(positions[0])
            let second = try #require(positions[1])
            #expect(first < second)
        }
    }

    @Test func aPathThatIsGivenIsTheOnlyPlaceLookedAt() throws {
        let error = try recognitionError { _ = try OnnxRuntime.load(path: "/nowhere/libonnxruntime.so") }
        #expect(error.code == .runtimeMissing)
        #expect(error.message.contains("the path given: /nowhere/libonnxruntime.so"))
        #expect(!error.message.contains("data folder"))
    }

    @Test func aFileThatIsNoLibraryIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write("no library", to: "libonnxruntime.so")
        let error = try recognitionError { _ = try OnnxRuntime.load(path: folder.path + "/libonnxruntime.so") }
        #expect(error.code == .runtimeMissing)
    }

    @Test func anotherLibraryIsAnError() throws {
        let error = try recognitionError { _ = try OnnxRuntime.load(path: "libc.so.6") }
        #expect(error.code == .runtimeMissing)
        #expect(error.message.contains("OrtGetApiBase"))
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func theLibraryTellsItsVersionAndFile() throws {
        let runtime = try OnnxRuntime.load()
        #expect(runtime.version.split(separator: ".").count >= 3)
        #expect(runtime.path.hasPrefix("/"))
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aLibraryLoadedAgainIsTheSame() throws {
        let runtime = try OnnxRuntime.load()
        #expect(try OnnxRuntime.load(path: runtime.path) === runtime)
    }

    @Test(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
    func aLibraryWithoutTheApiVersionIsTooOld() throws {
        let (base, path) = try RuntimeLibrary.open(path: try OnnxRuntime.load().path, variable: nil, folder: "")
        let error = try recognitionError {
            _ = try RuntimeLibrary.table(of: base, path: path, library: "1.9.0", version: 9_999)
        }
        #expect(error.code == .runtimeTooOld)
        #expect(error.message.contains("ONNX Runtime 1.9.0; heed needs 1.9999 or later"))
    }
}
