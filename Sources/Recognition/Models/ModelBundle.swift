import FoundationEssentials
import Glibc

/// A model as it lies on disk: a folder with a manifest, `model.json`, and the files that the manifest names.
public struct ModelBundle: Sendable {
    /// The bundle's folder.
    public let directory: String
    /// What the bundle says of its model.
    public let manifest: ModelManifest
    /// The names of the classes, by index; empty for bundles that are not classifiers.
    public let labels: [String]

    private static let manifestName = "model.json"
    private static let remedy = "Run `heed models build` to build it anew."

    /// Reads the manifest, and the labels of a classifier, and checks that they make sense.
    ///
    /// The other files are not opened: ``verify()`` does that.
    /// - Throws: `.bundleMissing`, `.bundleDamaged`, `.manifestInvalid`.
    public init(directory: String) throws(RecognitionError) {
        self.directory = directory
        let path = directory + "/" + Self.manifestName
        guard access(path, F_OK) == 0 else {
            throw RecognitionError(.bundleMissing, "\(path): there is no model bundle. Run `heed models build`.")
        }
        let text = try Self.read(path)
        do {
            manifest = try JSONDecoder().decode(ModelManifest.self, from: Data(text))
        } catch {
            throw RecognitionError(.manifestInvalid, "\(path): \(Self.explain(error)). \(Self.remedy)")
        }
        if let problem = manifest.problem() {
            throw RecognitionError(.manifestInvalid, "\(path): \(problem). \(Self.remedy)")
        }
        labels =
            try manifest.classifier.map { (classifier) throws(RecognitionError) in
                try Self.labels(in: directory + "/" + classifier.labels, count: classifier.classes)
            } ?? []
    }

    /// The bundles in a folder, by name, each with its bundle or what is wrong with it, so that a damaged one stands in
    /// nobody's way. Hidden folders, and those without a manifest, are passed over.
    ///
    /// - Throws: `.bundleMissing` when the folder cannot be read.
    public static func all(
        in directory: String
    ) throws(RecognitionError) -> [(name: String, bundle: Result<ModelBundle, RecognitionError>)] {
        let names: [String]
        do {
            names = try FileReading.names(in: directory)
        } catch {
            throw RecognitionError(
                .bundleMissing, "\(directory): cannot be read: \(error.reason). Run `heed models build`.")
        }
        return names.compactMap { name in
            let folder = directory + "/" + name
            guard access(folder + "/" + manifestName, F_OK) == 0 else { return nil }
            return (name, Result { () throws(RecognitionError) in try ModelBundle(directory: folder, named: name) })
        }
    }

    /// Reads a bundle whose folder must have its name.
    private init(directory: String, named name: String) throws(RecognitionError) {
        try self.init(directory: directory)
        guard manifest.name == name else {
            throw RecognitionError(
                .manifestInvalid,
                "\(directory): the folder is called \(name), its \(Self.manifestName) says \(manifest.name). Rename "
                    + "the folder or remove it.")
        }
    }

    /// The path of one of the bundle's files.
    func path(of file: String) -> String { directory + "/" + file }

    /// Reads every file and compares its SHA-256 with the manifest's; about 0.1 s for the six image models.
    ///
    /// - Throws: `.bundleDamaged` naming the first file that is missing, unreadable or changed.
    public func verify() throws(RecognitionError) {
        for (file, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            let path = path(of: file)
            let actual: String
            do {
                actual = try SHA256.hexDigest(ofFile: path)
            } catch {
                throw Self.unreadable(path, error)
            }
            if actual != expected {
                throw RecognitionError(
                    .bundleDamaged,
                    "\(path): has changed: its SHA-256 is \(actual), and the manifest says \(expected). \(Self.remedy)")
            }
        }
    }

    private static func labels(in path: String, count: Int) throws(RecognitionError) -> [String] {
        guard let text = String(validating: try read(path), as: UTF8.self) else {
            throw RecognitionError(.bundleDamaged, "\(path): is not text in UTF-8. \(remedy)")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }  // The end of the last line.
        guard lines.count == count else {
            throw RecognitionError(
                .bundleDamaged, "\(path): has \(lines.count) labels; the manifest says \(count) classes. \(remedy)")
        }
        return lines.map(String.init)
    }

    private static func read(_ path: String) throws(RecognitionError) -> [UInt8] {
        do {
            return try FileReading.contents(of: path)
        } catch {
            throw unreadable(path, error)
        }
    }

    private static func unreadable(_ path: String, _ error: FileError) -> RecognitionError {
        RecognitionError(.bundleDamaged, "\(path): cannot be read: \(error.reason). \(remedy)")
    }

    /// A decoding error in words, beginning with the key that is wrong.
    private static func explain(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            return keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(place(context, key)): is missing"
        case DecodingError.typeMismatch(let type, let context): "\(place(context)): is not of type \(type)"
        case DecodingError.valueNotFound(let type, let context): "\(place(context)): is null instead of \(type)"
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: "is not JSON"
        case DecodingError.dataCorrupted(let context): "\(place(context)): \(context.debugDescription)"
        default: "\(error)"
        }
    }
}
