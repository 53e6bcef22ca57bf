import Media

/// Reads the pictures of a folder, one file at a time.
final class PictureReader {
    /// What a file gives.
    struct Item {
        let name: String
        let label: TrueLabel?
        /// The frame, or why there is none.
        let frame: Result<Frame, RecordingError>
    }

    let count: Int
    private let folder: String
    private let pictures: [(name: String, label: TrueLabel?)]
    private var index = 0

    private static let fileLimit = 256 << 20
    private static let endings = ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "ppm", "pgm", "gif"]

    /// Lists the folder, or the pictures that the labels name, in their order.
    init(_ folder: String, labels: String?) throws(RecordingError) {
        self.folder = folder
        let usual = "\(folder)/labels.tsv"
        if let path = labels ?? (FileSystem.exists(usual) ? usual : nil) {
            pictures = try PictureLabels(path, folder: folder).pictures.map { ($0.name, $0.label) }
        } else {
            pictures = try FileSystem.names(in: folder).filter { name in
                let lowercase = name.lowercased()
                return Self.endings.contains { lowercase.hasSuffix(".\($0)") }
            }.map { ($0, nil) }
        }
        guard !pictures.isEmpty else {
            throw RecordingError(
                .empty,
                "\(folder): has no pictures; expected files ending in \(Self.endings.joined(separator: ", ")), or a "
                    + "labels.tsv that names them")
        }
        count = pictures.count
    }

    /// The next picture; nil at the end.
    func next() -> Item? {
        guard index < pictures.count else { return nil }
        let (name, label) = pictures[index]
        index += 1
        return Item(name: name, label: label, frame: Result { () throws(RecordingError) in try read(name) })
    }

    private func read(_ name: String) throws(RecordingError) -> Frame {
        let path = "\(folder)/\(name)"
        let file = try FileSystem.read(path, limit: Self.fileLimit)
        guard !file.bytes.isEmpty else { throw RecordingError(.empty, "\(path): has no bytes") }
        if file.bytes.starts(with: [0xFF, 0xD8]) {
            guard let size = JPEGSize(file.bytes) else {
                throw RecordingError(.unreadable, "\(path): the JPEG file ends before its frame header, or is damaged")
            }
            return Frame(
                format: .jpeg, width: size.width, height: size.height, color: .jpeg,
                planes: [Frame.Plane(bytes: file.bytes, stride: 0)], storage: file)
        }
        switch try VideoReader(path).next() {
        case .frame(let frame, _): return frame
        case .damaged(let reason, _): throw RecordingError(.unreadable, "\(path): \(reason)")
        case .missing, nil: throw RecordingError(.unreadable, "\(path): holds no picture")
        }
    }
}
