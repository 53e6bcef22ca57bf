import ArgumentParser
import Pipelines

/// Whether a run is to be watched in a browser, and where.
struct PageOptions: ParsableArguments {
    @Option(
        name: .customLong("page"), defaultAsFlag: PageArgument(address: PageAddress()), parsing: .next,
        help: ArgumentHelp(
            """
            Serve a page with what is seen and heard, the choices and the figures, where goals can be changed. Reached \
            from this machine alone, unless the address is another: then the address that is printed holds a token, if \
            that comes from no file.
            """, valueName: "address:port"),
        transform: addressBehindFlag)
    var page: PageArgument?

    @Flag(help: "With --page: keep the page after a replay has ended, until Ctrl-C.")
    var pageStay = false

    @Option(help: "With --page: a file that holds the token to ask for, of 16 to 200 letters and digits.")
    var pageTokenFile: String?

    @Option(help: "With --page: a certificate in PEM, with those that vouch for it, to serve the page with TLS.")
    var pageCertificate: String?

    @Option(help: "With --page-certificate: its private key in PEM, without a passphrase.")
    var pageKey: String?

    func apply(to configuration: inout PipelineConfiguration) throws {
        guard page != nil || configuration.page != nil else {
            guard !pageStay, pageTokenFile == nil, pageCertificate == nil, pageKey == nil else {
                throw ValidationError(
                    "--page-stay, --page-token-file, --page-certificate and --page-key go with --page")
            }
            return
        }
        var wanted = configuration.page ?? PipelineConfiguration.Page()
        if let page {
            // The parser takes `--page=WORD` for a bare `--page` where WORD is no address.
            let attached = CommandLine.arguments.first { $0.hasPrefix("--page=") }?.dropFirst("--page=".count)
            guard let address = page.address, attached.map({ PageAddress(text: String($0)) != nil }) ?? true else {
                throw ValidationError("--page: expected an address and a port, such as 127.0.0.1:8077")
            }
            wanted.address = address
        }
        if pageStay { wanted.stays = true }
        if let pageTokenFile { wanted.tokenFile = pageTokenFile }
        if pageCertificate != nil || pageKey != nil {
            guard let pageCertificate, let pageKey else {
                throw ValidationError("--page-certificate and --page-key go together: a certificate and its own key")
            }
            wanted.certificate = .init(chain: pageCertificate, key: pageKey)
        }
        configuration.page = wanted
    }
}

/// Reads `--page`'s address, which has a port; a word without one is what stands behind a bare `--page`.
@Sendable private func addressBehindFlag(_ text: String) throws -> PageArgument {
    guard text.contains(":") || text.allSatisfy(\.isNumber) else { throw PageAddressError(text: text) }
    return PageArgument(address: PageAddress(text: text))
}

/// What stands behind `--page`.
struct PageArgument: Sendable, CustomStringConvertible {
    /// The address; nil where what stands there is none.
    let address: PageAddress?
    var description: String { address.map { "\($0)" } ?? "no address" }
}

/// A text that is no page's address.
struct PageAddressError: Error, CustomStringConvertible {
    let text: String
    var description: String { "expected an address and a port, such as 127.0.0.1:8077; found `\(text)`" }
}
