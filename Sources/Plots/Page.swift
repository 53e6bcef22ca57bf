/// What the pages that heed writes have in common: they need nothing beside them, on light and dark screens.
public enum Page {
    /// A page, without anything fetched from elsewhere.
    ///
    /// - Parameter body: HTML, below the title.
    public static func html(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(title.escaped)</title>
        <style>\(style)</style>
        \(body)
        </html>

        """
    }

    /// A table; its first row is the head. Cells are plain text.
    ///
    /// - Parameter isText: Whether cells hold sentences rather than figures.
    public static func table(_ rows: [[String]], isText: Bool = false) -> String {
        let lines = rows.enumerated().map { index, row in
            let tag = index == 0 ? "th" : "td"
            return "<tr>" + row.map { "<\(tag)>\($0.escaped)</\(tag)>" }.joined() + "</tr>"
        }
        return "<div class=\"wide\"><table\(isText ? " class=\"words\"" : "")>\(lines.joined())</table></div>"
    }

    private static let style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:1120px;margin:2rem auto;\
        padding:0 1rem;color:#222;background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}\
        .badge{font-size:.8rem;font-weight:400;border:1px solid #999;border-radius:1em;padding:.1em .7em;\
        vertical-align:middle}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
        th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #e4e4e4;white-space:nowrap}\
        th:first-child,td:first-child{text-align:left}.words td,.words th{text-align:left;white-space:normal}\
        figcaption{color:#777}table{margin-bottom:1rem}th{font-weight:600}.wide{overflow-x:auto}\
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:1rem}figure{margin:0}\
        svg{width:100%;height:auto}s{color:#999}details{margin:.5rem 0}summary{cursor:pointer}\
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}th,td{border-color:#333}}
        """
}
