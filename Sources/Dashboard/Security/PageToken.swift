import Foundation

/// The secret that viewers on other machines must know.
public struct PageToken: Sendable {
    /// Its cookie's name. With TLS one that browsers take over TLS alone (RFC 6265bis, section 4.1.3.2), so that a page
    /// of the same host without TLS can neither read nor replace it.
    static func cookie(isEncrypted: Bool) -> String { isEncrypted ? "__Host-heed_token" : "heed_token" }
    private static let shortest = 16
    private static let longest = 200

    /// As it is written: letters, digits, `-` and `_`.
    public let text: String

    /// A new one of 128 random bits.
    init() {
        var generator = SystemRandomNumberGenerator()
        text = (0..<2).map { _ in
            let word = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }.joined()
    }

    /// The one in a file's first line.
    ///
    /// - Throws: `DashboardError` of code `badToken`.
    public init(file: String) throws(DashboardError) {
        guard let content = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw DashboardError(.badToken, "\(file): cannot be read; it must hold the page's token on one line")
        }
        let line = content.prefix { !$0.isNewline }
        let isFit = line.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.properties.isAlphabetic && scalar.isASCII || (48...57).contains(byte) || byte == 45
                || byte == 95
        }
        guard isFit, (Self.shortest...Self.longest).contains(line.utf8.count) else {
            throw DashboardError(
                .badToken,
                "\(file): the token must have \(Self.shortest) to \(Self.longest) letters, digits, `-` or `_`")
        }
        text = String(line)
    }

    /// Whether somebody knows it; takes the same time however much of it is right.
    func matches(_ claim: some StringProtocol) -> Bool {
        let (expected, claimed) = (Array(text.utf8), Array(claim.utf8))
        var difference = UInt8(expected.count == claimed.count ? 0 : 1)
        for index in expected.indices {
            difference |= expected[index] ^ (index < claimed.count ? claimed[index] : 0)
        }
        return difference == 0
    }
}
