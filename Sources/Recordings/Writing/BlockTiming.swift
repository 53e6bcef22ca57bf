import Media

/// What is kept beside each block of a recording: times to the nanosecond, and numbers.
///
/// Little-endian, in this order: version (1), kind (`F` or `S`), time quality, 0; frames of sound (4 bytes); number
/// of the frame or of the first frame of sound; captured and arrived, in nanoseconds since the origin (8 bytes each);
/// for sound frames a second (8 bytes, IEEE 754). docs/recordings.md describes it for others.
struct BlockTiming: Hashable {
    /// A camera's frame, or sound with what only sound has.
    enum Kind: Hashable {
        case frame
        case sound(frames: UInt32, rate: Double)
    }

    static let version: UInt8 = 1

    var kind: Kind
    var quality: TimeQuality
    var number: Int64
    /// Since the origin, in nanoseconds.
    var captured: Int64
    var arrived: Int64

    init(kind: Kind, quality: TimeQuality, number: Int64, captured: Int64, arrived: Int64) {
        self.kind = kind
        self.quality = quality
        self.number = number
        self.captured = captured
        self.arrived = arrived
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        let quality = UInt8(Self.qualities.firstIndex(of: quality) ?? 0)
        switch kind {
        case .frame: bytes += [UInt8(ascii: "F"), quality, 0, 0, 0, 0, 0]
        case .sound(let frames, _):
            bytes += [UInt8(ascii: "S"), quality, 0]
            add(frames)
        }
        add(number)
        add(captured)
        add(arrived)
        if case .sound(_, let rate) = kind { add(rate.bitPattern) }
        return bytes
    }

    /// Reads what `bytes` gives; nil for anything else, and for values that no recording has (``RecordedLimits``).
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 32, bytes[0] == Self.version, Int(bytes[2]) < Self.qualities.count else { return nil }
        func value<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
            Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        switch bytes[1] {
        case UInt8(ascii: "F"): kind = .frame
        case UInt8(ascii: "S"):
            guard bytes.count >= 40 else { return nil }
            kind = .sound(
                frames: value(at: 4, as: UInt32.self), rate: Double(bitPattern: value(at: 32, as: UInt64.self)))
        default: return nil
        }
        quality = Self.qualities[Int(bytes[2])]
        number = value(at: 8, as: Int64.self)
        captured = value(at: 16, as: Int64.self)
        arrived = value(at: 24, as: Int64.self)
        guard RecordedLimits.numbers.contains(number), RecordedLimits.times.contains(captured),
            RecordedLimits.times.contains(arrived)
        else { return nil }
        if case .sound(_, let rate) = kind, !RecordedLimits.measuredRates.contains(rate) { return nil }
    }

    /// The order is part of the format.
    private static let qualities: [TimeQuality] = [.device, .arrival, .repaired, .scheduled]
}
