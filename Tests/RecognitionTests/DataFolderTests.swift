import Testing

@testable import Recognition

struct DataFolderTests {
    @Test func theFolderLiesInTheUsersDataHome() {
        let environment = ["XDG_DATA_HOME": "/data", "HOME": "/home/u"]
        #expect(DataFolder.path { environment[$0] } == "/data/heed")
    }

    @Test func withoutADataHomeItLiesInTheDefaultOne() {
        let environment = ["HOME": "/home/u"]
        #expect(DataFolder.path { environment[$0] } == "/home/u/.local/share/heed")
    }

    @Test func aRelativeDataHomeIsPassedOver() {
        let environment = ["XDG_DATA_HOME": "data", "HOME": "/home/u"]
        #expect(DataFolder.path { environment[$0] } == "/home/u/.local/share/heed")
    }

    @Test func withoutAHomeTheUsersEntryCounts() {
        #expect(DataFolder.path { _ in nil }.hasSuffix("/.local/share/heed"))
    }
}
