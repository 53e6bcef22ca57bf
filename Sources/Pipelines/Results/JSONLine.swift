/// Builds one line of JSON, key by key, in memory that it keeps from one line to the next.
///
/// `JSONEncoder` takes some 80 µs for a result, a third of all that happens to a frame outside inference; this takes a
/// tenth of that.
struct JSONLine {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Starts a new line.
    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Ends the line.
    mutating func end() { bytes.append(UInt8(ascii: "\n")) }

    /// Adds an object: the line itself, or an element of an array.
    mutating func object(_ content: (inout JSONLine) -> Void) { nest("{", "}", content) }

    /// Adds a key with an object.
    mutating func object(_ key: StaticString, _ content: (inout JSONLine) -> Void) {
        add(key)
        nest("{", "}", content)
    }

    /// Adds a key with an array.
    mutating func array(_ key: StaticString, _ content: (inout JSONLine) -> Void) {
        add(key)
        nest("[", "]", content)
    }

    /// Adds a key with a text; none when it is nil.
    mutating func field(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        add(key)
        add(value)
        needsComma = true
    }

    /// Adds a key with a whole number.
    mutating func field(_ key: StaticString, _ value: some FixedWidthInteger) {
        add(key)
        bytes.append(contentsOf: value.description.utf8)
        needsComma = true
    }

    /// Adds a key with a number, in as few digits as say it exactly; none when it is nil, or no number JSON can hold.
    mutating func field<Number: BinaryFloatingPoint & CustomStringConvertible>(_ key: StaticString, _ value: Number?) {
        guard let value, value.isFinite else { return }
        add(key)
        bytes.append(contentsOf: value.description.utf8)
        needsComma = true
    }

    /// Adds a key with true or false.
    mutating func field(_ key: StaticString, _ value: Bool) {
        add(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Adds a key that is known only as it runs; its value is to follow.
    mutating func name(_ key: String) {
        separate()
        add(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Adds a text: an element of an array, or the value of a name.
    mutating func element(_ value: String) {
        separate()
        add(value)
        needsComma = true
    }

    /// Adds a value as it stands.
    mutating func element(literal: String) {
        separate()
        bytes.append(contentsOf: literal.utf8)
        needsComma = true
    }

    /// Adds an array: an element of another, or the value of a name.
    mutating func list(_ content: (inout JSONLine) -> Void) { nest("[", "]", content) }

    private mutating func nest(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONLine) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        content(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func add(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Adds a text in quotes; what RFC 8259 (section 7) does not allow inside them is escaped.
    private mutating func add(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                for digit in [byte >> 4, byte & 15] {
                    bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
