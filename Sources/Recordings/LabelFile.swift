import Units
/// A file of labels: lines of fields with tabs between them, the first line naming the columns.
struct LabelFile {
    /// A line that holds fields, and its number in the file.
    struct Row {
        let line: Int
        let fields: [Substring]
    }

    let path: String
    let rows: [Row]

    private static let sizeLimit = 64 << 20

    /// Reads a file whose header must be `columns`.
    init(_ path: String, columns: [String]) throws(RecordingError) {
        let file: FileBytes
        do {
            file = try FileSystem.read(path, limit: Self.sizeLimit)
        } catch {
            throw RecordingError(.badLabels, "\(error.message); the labels cannot be read")
        }
        guard var text = String(validating: file.bytes, as: UTF8.self) else {
            throw RecordingError(.badLabels, "\(path): is not UTF-8 text; labels are lines of fields with tabs between")
        }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        let header = columns.joined(separator: "<TAB>")
        var rows: [Row] = []
        var hasHeader = false
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, content) in lines.enumerated() where !content.isEmpty {
            let fields = content.split(separator: "\t", omittingEmptySubsequences: false)
            if !hasHeader {
                guard fields.elementsEqual(columns, by: { $0 == $1 }) else {
                    throw RecordingError(
                        .badLabels,
                        "\(path):\(index + 1): the first line must name the columns, \(header); it is "
                            + "'\(content.prefix(80))'"
                    )
                }
                hasHeader = true
                continue
            }
            guard fields.count == columns.count else {
                throw RecordingError(
                    .badLabels,
                    "\(path):\(index + 1): \(fields.count) columns; expected \(columns.count), \(header)")
            }
            rows.append(Row(line: index + 1, fields: fields))
        }
        guard hasHeader else {
            throw RecordingError(.badLabels, "\(path):1: the file is empty; its first line must be \(header)")
        }
        self.path = path
        self.rows = rows
    }

    /// The label in two fields of a row, a class index and a name.
    func label(_ row: Row, index: Int, name: Int) throws(RecordingError) -> TrueLabel {
        guard let classIndex = Int(row.fields[index]), classIndex >= 0 else {
            throw failure(row, "class '\(row.fields[index].prefix(40))' is not a whole number from 0 up")
        }
        return TrueLabel(classIndex: classIndex, name: String(row.fields[name]))
    }

    /// An error that names the file and the row's line.
    func failure(_ row: Row, _ what: String) -> RecordingError {
        RecordingError(.badLabels, "\(path):\(row.line): \(what)")
    }
}

/// The labels of a folder: which pictures, in which order, and what they show.
struct PictureLabels {
    let pictures: [(name: String, label: TrueLabel)]

    /// Reads `file<TAB>class<TAB>name`; each file must be in `folder`.
    init(_ path: String, folder: String) throws(RecordingError) {
        let file = try LabelFile(path, columns: ["file", "class", "name"])
        var pictures: [(name: String, label: TrueLabel)] = []
        for row in file.rows {
            let name = String(row.fields[0])
            guard !name.isEmpty, FileSystem.exists("\(folder)/\(name)") else {
                throw file.failure(row, "there is no file '\(name)' in \(folder)")
            }
            // A recording does not lead out of its folder.
            guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                throw file.failure(row, "'\(name)' lies outside \(folder)")
            }
            pictures.append((name, try file.label(row, index: 1, name: 2)))
        }
        guard !pictures.isEmpty else { throw RecordingError(.badLabels, "\(path): names no picture") }
        self.pictures = pictures
    }
}

/// The labels of a video: what it shows from when to when.
struct VideoLabels {
    /// From `start`, included, to `end`, excluded, in seconds; in order, none overlapping.
    private let spans: [(start: Double, end: Double, label: TrueLabel)]

    /// Reads `start<TAB>end<TAB>class<TAB>name`, times in seconds.
    init(_ path: String) throws(RecordingError) {
        let file = try LabelFile(path, columns: ["start", "end", "class", "name"])
        var spans: [(start: Double, end: Double, label: TrueLabel, row: LabelFile.Row)] = []
        for row in file.rows {
            guard let start = Double(row.fields[0]), let end = Double(row.fields[1]), start >= 0, start < end,
                end.isFinite
            else {
                throw file.failure(
                    row,
                    "'\(row.fields[0].prefix(40))' to '\(row.fields[1].prefix(40))' is not a span; start and end are "
                        + "seconds from 0 up, and the end comes after the start")
            }
            spans.append((start, end, try file.label(row, index: 2, name: 3), row))
        }
        spans.sort { $0.start < $1.start }
        for (former, latter) in zip(spans, spans.dropFirst()) where latter.start < former.end {
            throw file.failure(
                latter.row, "the span overlaps that of line \(former.row.line); a frame can have one label only")
        }
        self.spans = spans.map { ($0.start, $0.end, $0.label) }
    }

    /// What the video shows at `position`.
    func label(at position: Duration) -> TrueLabel? {
        // A tick of the clock early: positions come from a file's own units, and 1/3 s is none of them.
        let time = position.seconds + 1e-6
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        guard low > 0, time < spans[low - 1].end else { return nil }
        return spans[low - 1].label
    }
}
