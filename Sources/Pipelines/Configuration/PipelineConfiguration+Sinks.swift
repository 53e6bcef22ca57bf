public import Sinks

extension PipelineConfiguration {
    /// One more place where results go, beside `results` and the screen; it never holds up recognition.
    public struct Sink: Sendable, Hashable {
        /// What it sends to.
        public enum Kind: Sendable, Hashable {
            /// A file of JSON lines, of which so much is kept.
            case lines(path: String, FileEnd.Rotation)
            /// A file of captions.
            case captions(path: String)
            /// A command's standard input.
            case command([String], timeout: Duration)
            /// A web server.
            case webhook(WebhookEnd.Options)
            /// An MQTT broker; `discovery` is the prefix under which Home Assistant looks for devices.
            case mqtt(MQTTOptions, discovery: String?)
        }

        /// What it is called in messages and in the summary; no other sink has the name.
        public var name: String
        /// What it sends to.
        public var kind: Kind
        /// Which results it takes.
        public var filter = ResultFilter()
        /// The folder for what waits while nobody answers; nil for one of heed's own.
        public var spoolPath: String?
        /// The most bytes that wait there.
        public var spoolSize = 64 << 20

        /// A sink that takes every result.
        public init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }
}

extension PipelineConfiguration.Sink {
    /// Reads one item of the list `sinks`; nil where it is not valid, which the reader then has problems of.
    init?(_ reader: inout MappingReader) {
        let kinds = ["jsonl", "captions", "command", "webhook", "mqtt"]
        let named = kinds.filter { reader.has($0) }
        var kind: Kind?
        reader.section("jsonl") { kind = Self.lines(&$0) }
        reader.section("captions") { kind = Self.captions(&$0) }
        reader.section("command") { kind = Self.command(&$0) }
        reader.section("webhook") { kind = Self.webhook(&$0) }
        reader.section("mqtt") { kind = Self.mqtt(&$0) }
        let name = reader.text("name")
        var filter = ResultFilter()
        reader.section("filter") { filter.read(&$0) }
        var spool: (path: String?, size: Int?)
        let hasSpool = reader.has("spool")
        reader.section("spool") { section in
            spool.path = section.text("path")
            spool.size = section.memory("size")
            if let size = spool.size, size < 64 << 10 {
                section.report("size", "is too small: give at least 64 KiB")
            }
        }
        if named.count != 1 {
            reader.report("", "expected one of \(kinds.joined(separator: ", ")) in each sink, found \(named.count)")
        }
        if let name, name.hasPrefix(".") || !name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }) {
            reader.report("name", "expected letters, digits, `-`, `_` and `.`, found `\(name)`")
        }
        guard let kind else { return nil }
        self.init(name: name ?? named[0], kind: kind)
        if hasSpool, !keepsUnsent { reader.report("spool", "a file needs none; remove it") }
        self.filter = filter
        spoolPath = spool.path
        spoolSize = spool.size ?? spoolSize
    }

    /// Whether what cannot be sent waits on disk.
    var keepsUnsent: Bool {
        switch kind {
        case .lines, .captions: false
        case .command, .webhook, .mqtt: true
        }
    }

    /// The file that it writes, if it does.
    public var file: String? {
        switch kind {
        case .lines(let path, _), .captions(let path): path
        case .command, .webhook, .mqtt: nil
        }
    }

    /// The file of captions that it writes, if it does.
    public var captions: String? {
        if case .captions(let path) = kind { path } else { nil }
    }

    private static func lines(_ section: inout MappingReader) -> Kind? {
        let size = section.memory("size") ?? 64 << 20
        let files = section.integer("files", in: 1...1000) ?? 5
        if size < 4096 { section.report("size", "is too small: give at least 4 KiB") }
        return section.required("path", "the file to write")
            .map { .lines(path: $0, FileEnd.Rotation(size: size, files: files)) }
    }

    private static func captions(_ section: inout MappingReader) -> Kind? {
        guard let path = section.required("path", "the file to write, NAME.vtt, .srt or .txt") else { return nil }
        do {
            _ = try CaptionText(for: path)
        } catch {
            section.report("path", error.message)
        }
        return .captions(path: path)
    }

    private static func command(_ section: inout MappingReader) -> Kind? {
        let timeout = section.duration("timeout") ?? .seconds(10)
        guard section.has("run") else {
            _ = section.required("run", "the command that reads results")
            return nil
        }
        return section.texts("run").map { .command($0, timeout: timeout) }
    }

    private static func webhook(_ section: inout MappingReader) -> Kind? {
        var options = WebhookEnd.Options(url: "")
        options.batch = section.integer("batch", in: 1...1000) ?? options.batch
        options.timeout = section.duration("timeout") ?? options.timeout
        options.token = section.secret("token")
        options.authority = section.text("ca")
        guard let url = section.required("url", "where to send results") else { return nil }
        if WebhookEnd.origin(of: url) == nil {
            // What is written there may hold a password, and is not repeated.
            section.report(
                "url",
                "expected http:// or https:// and a host, with a port up to 65535 if any, without a user or password "
                    + "(see `token`)")
        }
        options.url = url
        return .webhook(options)
    }

    private static func mqtt(_ section: inout MappingReader) -> Kind? {
        let topic = section.text("topic")
        let quality = section.integer("qos", in: 0...2)
        let retains = section.flag("retain")
        let user = section.text("user")
        let password = section.secret("password")
        let authority = section.text("ca")
        let timeout = section.duration("timeout")
        let discovery = section.text("discovery")
        if let topic, topic.contains(where: { "#+".contains($0) }) || topic.hasSuffix("/") || topic.hasPrefix("/") {
            section.report("topic", "expected a topic without `#`, `+` and a `/` at either end, found `\(topic)`")
        }
        if password != nil, user == nil { section.report("password", "needs a `user`") }
        guard let url = section.required("url", "the broker, mqtt://HOST or mqtts://HOST") else { return nil }
        guard var options = MQTTOptions(url: url) else {
            section.report(
                "url",
                "expected mqtt://HOST:PORT or mqtts://HOST:PORT, the port from 1 to 65535, without a user or password "
                    + "in it")
            return nil
        }
        options.topic = topic ?? options.topic
        options.quality = quality ?? options.quality
        options.retains = retains ?? options.retains
        options.user = user
        options.password = password
        options.authority = authority
        options.timeout = timeout ?? options.timeout
        return .mqtt(options, discovery: discovery)
    }
}

extension MappingReader {
    /// A secret, which is in a file or an environment variable, never in the pipeline file.
    fileprivate mutating func secret(_ key: String) -> Secret? {
        var secret: Secret?
        section(key) { section in
            let (file, variable) = (section.text("file"), section.text("env"))
            guard (file == nil) != (variable == nil) else {
                return section.report("", "secrets are not written here: name a `file` or a variable, `env`")
            }
            secret = file.map { .file($0) } ?? variable.map { .variable($0) }
        }
        return secret
    }
}
