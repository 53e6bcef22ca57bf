import Testing

@testable import Recognition

struct SHA256Tests {
    // The examples of FIPS 180-4.
    @Test(arguments: [
        ([UInt8](), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            [UInt8](repeating: 0x61, count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func theDigestIsTheStandards(contents: [UInt8], digest: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(contents, to: "file")
        #expect(try SHA256.hexDigest(ofFile: folder.path + "/file") == digest)
    }

    @Test func aFolderHasNoDigest() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try SHA256.hexDigest(ofFile: folder.path) }
    }
}
