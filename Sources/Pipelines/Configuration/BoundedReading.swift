import Foundation

/// Reads a file of at most `limit` bytes; anything longer, or no regular file, is an error rather than a long wait.
func readBounded(_ path: String, limit: Int) throws(PipelinesError) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw PipelinesError(.badConfiguration, "\(path): no such file")
    }
    let type = (try? FileManager.default.attributesOfItem(atPath: path.resolvingLinks))?[.type]
    guard type as? FileAttributeType == .typeRegular else {
        throw PipelinesError(.badConfiguration, "\(path): is \(isFolder.boolValue ? "a folder" : "no regular file")")
    }
    do {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let data = try handle.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else {
            throw PipelinesError(.badConfiguration, "\(path): is larger than \(limit >> 20) MiB")
        }
        return data
    } catch let error as PipelinesError {
        throw error
    } catch {
        throw PipelinesError(.badConfiguration, "\(path): may not be read: \(error.localizedDescription)", cause: error)
    }
}
