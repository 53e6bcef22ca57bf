import Media

/// A format that heed does not read itself, and what libv4l is to make of it.
struct ConvertedFormat: Hashable {
    /// What heed reads: YUV stays YUV, with the driver's word on its colours.
    let format: PixelFormat
    /// The bits of a row that a pixel takes; nil where the rows are the camera maker's secret.
    let bitsPerPixel: Int?

    /// The bytes of a row without padding; nil where they are not known.
    func rowBytes(width: Int) -> Int? { bitsPerPixel.map { ($0 * width + 7) / 8 } }

    /// What libv4lconvert 1.22 takes, but for HSV, whose hues it gets wrong, formats of more than eight bits of gray,
    /// and those for which it starts another program.
    static let all: [FourCC: ConvertedFormat] = {
        let groups: [(PixelFormat, Int?, [String])] = [
            (.i420, 16, ["YVYU"]),
            (.i420, 8, ["NV16", "NV61", "M420"]),
            (.i420, nil, ["HM12", "S501", "S505", "S508", "CITV", "KONI", "S920", "CPIA", "PJPG", "JPGL"]),
            (.rgb24, 16, ["RGBP"]),
            (.rgb24, 24, ["BGR3"]),
            (.rgb24, 32, ["BGR4", "RGB4", "XR24", "BX24", "AR24", "BA24"]),
            // Mosaics, in which a pixel has one colour.
            (.rgb24, 8, ["BA81", "GBRG", "GRBG", "RGGB"]),
            (.rgb24, 10, ["pBAA", "pGAA", "pgAA", "pRAA"]),
            (.rgb24, 16, ["BG10", "GB10", "BA10", "RG10", "BYR2", "GB16", "GR16", "RG16"]),
            (.rgb24, nil, ["S680", "S561", "S910", "SONX", "P207", "M310", "JL20", "905C", "S401"]),
        ]
        var all: [FourCC: ConvertedFormat] = [:]
        for (format, bits, codes) in groups {
            for code in codes { all[FourCC(code)] = ConvertedFormat(format: format, bitsPerPixel: bits) }
        }
        return all
    }()
}
