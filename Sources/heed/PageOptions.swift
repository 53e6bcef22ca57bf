import ArgumentParser
import Pipelines

/// Whether a run is to be watched in a browser, and where.
struct PageOptions: ParsableArguments {
    @Option(
        name: .customLong("page"), defaultAsFlag: PageAddress(), parsing: .next,
        help: ArgumentHelp(
            """
            Serve a page with what is seen and heard, the choices and the figures, where goals can be changed. Reached \
            from this machine alone, unless the address is another: then the address that is printed holds a token.
            """, valueName: "address:port"),
        transform: pageArgument)
    var page: PageAddress?

    @Flag(help: "With --page: keep the page after a replay has ended, until Ctrl-C.")
    var pageStay = false

    @Option(help: "With --page: a file that holds the token to ask for, of 16 to 200 letters and digits.")
    var pageTokenFile: String?

    func apply(to configuration: inout PipelineConfiguration) throws {
        guard page != nil || configuration.page != nil else {
            guard !pageStay, pageTokenFile == nil else {
                throw ValidationError("--page-stay and --page-token-file go with --page")
            }
            return
        }
        var wanted = configuration.page ?? PipelineConfiguration.Page()
        if let page { wanted.address = page }
        if pageStay { wanted.stays = true }
        if let pageTokenFile { wanted.tokenFile = pageTokenFile }
        configuration.page = wanted
    }
}

/// Reads `--page`'s address.
@Sendable func pageArgument(_ text: String) throws -> PageAddress {
    guard let address = PageAddress(text: text) else {
        throw ValidationError(
            "expected an address and a port, such as 127.0.0.1:8077; found `\(text)`; where a file follows --page, put "
                + "--page behind it")
    }
    return address
}
