/// Text in lines that fit a terminal.
enum Prose {
    /// Prose on as many lines as it takes.
    static func lines(_ text: String, columns: Int) -> [String] {
        filled(words(text), separator: " ", columns: columns)
    }

    /// Items in lines of so many columns; one that is longer has a line of its own.
    static func filled(_ items: some Sequence<String>, separator: String, columns: Int) -> [String] {
        var lines: [String] = []
        for item in items {
            if let last = lines.last, last.count + separator.count + item.count < columns {
                lines[lines.count - 1] = last + separator + item
            } else {
                if let last = lines.popLast() { lines.append(last + separator.filter { $0 != " " }) }
                lines.append(item)
            }
        }
        return lines
    }

    /// The words of a text; a command in backticks is one, so that it can be copied whole.
    static func words(_ text: String) -> [String] {
        var isCommand = false
        return text.split { character in
            if character == "`" { isCommand.toggle() }
            return character == " " && !isCommand
        }.map(String.init)
    }
}
