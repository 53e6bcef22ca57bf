extension PipelineConfiguration {
    /// Where a run is watched in a browser, and by whom.
    public struct Page: Sendable, Hashable {
        /// Where it is served.
        public var address = PageAddress()
        /// Whether it stays after a replay has ended, until it is stopped.
        public var stays = false
        /// A file that holds the token viewers on other machines must know; nil makes a new one for each run.
        public var tokenFile: String?
        /// What it is encrypted with; nil for a page that is not.
        public var certificate: Certificate?

        /// A page on this machine alone.
        public init() {}

        init(_ section: inout MappingReader) {
            address = section.address("address") ?? address
            stays = section.flag("stay") ?? stays
            tokenFile = section.text("token_file")
            let (chain, key) = (section.text("certificate"), section.text("key"))
            if let chain, let key {
                certificate = Certificate(chain: chain, key: key)
            } else if chain != nil {
                section.report("certificate", "needs the private key that belongs to it: give its file as `key`")
            } else if key != nil {
                section.report("key", "needs the certificate that it belongs to: give its file as `certificate`")
            }
        }

        /// The files that a page is encrypted with, both in PEM.
        public struct Certificate: Sendable, Hashable {
            /// The page's own certificate, then those that vouch for it.
            public var chain: String
            /// Its private key, without a passphrase.
            public var key: String

            /// Names the files; nothing is read yet.
            public init(chain: String, key: String) {
                self.chain = chain
                self.key = key
            }
        }
    }
}

/// An address and a port, such as `127.0.0.1:8077`.
public struct PageAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IP address; an IPv6 address without brackets.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one.
    public var port = 8077

    /// heed's own: reached from this machine alone.
    public init() {}

    /// Reads `HOST:PORT`, `HOST`, `PORT` or `[IPV6]:PORT`; nil for anything else.
    public init?(text: String) {
        let (name, number) = Self.parts(of: text)
        if let number {
            guard let port = UInt16(number), number.allSatisfy(\.isNumber) else { return nil }
            self.port = Int(port)
        }
        if let name {
            let allowed = name.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
            guard allowed, !name.isEmpty, name.count <= 253 else { return nil }
            host = name
        } else if number == nil {
            return nil
        }
    }

    private static func parts(of text: String) -> (host: String?, port: String?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            let host = String(text[text.index(after: text.startIndex)..<end])
            return (host, rest.isEmpty ? nil : rest.hasPrefix(":") ? String(rest.dropFirst()) : "")
        }
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
        switch pieces.count {
        case 1 where !text.isEmpty && text.allSatisfy(\.isNumber): return (nil, text)
        case 1: return (text, nil)
        case 2: return (pieces[0].isEmpty ? nil : String(pieces[0]), String(pieces[1]))
        default: return (text, nil)
        }
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
