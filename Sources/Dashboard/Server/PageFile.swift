import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A file of the page, kept in the program itself: heed runs from anywhere.
struct PageFile: Sendable {
    /// Where it is served.
    let path: String
    let bytes: [UInt8]

    /// Its answer, by its ending.
    var response: Response {
        let type =
            switch path.split(separator: ".").last {
            case "css": "text/css"
            case "js": "text/javascript"
            case "svg": "image/svg+xml"
            case "json": "application/json"
            default: "text/html"
            }
        return Response(
            status: .ok, headers: [.contentType: "\(type); charset=utf-8", .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// All of them.
    static let all: [PageFile] = [
        PageFile(path: "/", bytes: PackageResources.index_html),
        PageFile(path: "/page.css", bytes: PackageResources.page_css),
        PageFile(path: "/icon.svg", bytes: PackageResources.icon_svg),
        PageFile(path: "/page.js", bytes: PackageResources.page_js),
        PageFile(path: "/captions.js", bytes: PackageResources.captions_js),
        PageFile(path: "/chart.js", bytes: PackageResources.chart_js),
        PageFile(path: "/connection.js", bytes: PackageResources.connection_js),
        PageFile(path: "/glyphs.js", bytes: PackageResources.glyphs_js),
        PageFile(path: "/goals.js", bytes: PackageResources.goals_js),
        PageFile(path: "/history.js", bytes: PackageResources.history_js),
        PageFile(path: "/stream.js", bytes: PackageResources.stream_js),
        PageFile(path: "/words.js", bytes: PackageResources.words_js),
    ]

    /// The API's description.
    static let openAPI: [UInt8] = PackageResources.openapi_json
}
