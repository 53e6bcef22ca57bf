import CLibYUV

/// Turns frames into what recognisers see: crops, resamples and converts to RGB straight into a tensor's memory.
///
/// The resampling is Pillow's antialiased bicubic, sub-pixel crop included: pictures that are RGB or JPEG give the
/// values Pillow gives. Y'CbCr frames are resampled before they are converted, each
/// plane where its samples lie; range and matrix are respected. A JPEG is decoded at the smallest of ½, ¼ and ⅛ that
/// leaves at least twice the tensor's size.
///
/// One thread at a time uses a converter. It keeps its scratch memory and a JPEG decoder: after the first frame of a
/// size nothing is allocated, except by libjpeg-turbo itself.
public final class FrameConverter {
    /// For RGB and gray, where the answer is Pillow's to the bit.
    let exact = PlaneResampler(isExact: true)
    /// For Y'CbCr, whose conversion to RGB rounds more coarsely than the weights do.
    let fast = PlaneResampler(isExact: false)
    /// Rows after the vertical pass, or a decoded picture.
    let sheet = Scratch()
    /// A second sheet, for interleaved chroma or the colors of a packed picture.
    let second = Scratch()
    /// A picture of which one axis is resampled and the other not yet.
    let narrow = Scratch()
    /// The three planes at the tensor's size.
    let planes = Scratch()
    /// A picture at the tensor's size that is still to be turned.
    private let sideways = Scratch()
    private let jpeg = JPEGDecoder()
    private var plans: [ResamplePlan] = []

    /// Plans kept: sizes of frames times sizes of recognisers in one run.
    private static let keptPlans = 16

    /// Makes a converter; memory comes with the first frame.
    public init() {}

    /// Converts `frame` to `height` × `width` × 3 bytes of R, G, B, rows from the top, into `tensor`.
    ///
    /// Throws `wrongSize` when a size is unusable or memory is too short, `corruptPicture` when a JPEG is damaged or
    /// ends early, `unsupportedFormat` when it is of a kind libjpeg-turbo does not decode. The tensor's contents are
    /// then undefined.
    public func convert(
        _ frame: Frame, crop: CenterCrop, width: Int, height: Int, into tensor: UnsafeMutableRawBufferPointer
    ) throws(MediaError) {
        guard width > 0, height > 0, width <= 1 << 14, height <= 1 << 14, crop.margin >= 0, crop.margin <= 1 << 14
        else {
            throw MediaError(
                .wrongSize,
                "a tensor of \(width)×\(height) with a crop margin of \(crop.margin) is not usable; sides go from 1 to "
                    + "16384, the margin from 0 to 16384")
        }
        guard tensor.count == width * height * 3, let start = tensor.bindMemory(to: UInt8.self).baseAddress else {
            throw MediaError(
                .wrongSize, "the tensor has \(tensor.count) bytes; \(width)×\(height) RGB needs \(width * height * 3)")
        }
        try frame.validate()
        switch frame.rotation {
        case .none:
            try convert(frame, crop: crop, to: Target(bytes: start, width: width, height: height))
        case let rotation:
            let isSideways = rotation != .half
            let target = Target(
                bytes: sideways.bytes(3 * width * height), width: isSideways ? height : width,
                height: isSideways ? width : height)
            try convert(frame, crop: crop, to: target)
            Self.turn(target.bytes, width: target.width, height: target.height, by: rotation, into: start)
        }
    }

    private func convert(_ frame: Frame, crop: CenterCrop, to target: Target) throws(MediaError) {
        if frame.format == .jpeg {
            try convertJPEG(frame.planes[0].bytes, crop: crop, to: target)
            return
        }
        let step = frame.format.chromaStep
        let plan = plan(
            ResamplePlan.Key(
                width: frame.width, height: frame.height, fullWidth: frame.width, fullHeight: frame.height,
                decodedScale: 1, chromaStepX: step.x, chromaStepY: step.y,
                isLimitedRange: frame.format != .rgb24 && !frame.color.isFullRange, crop: crop,
                targetWidth: target.width, targetHeight: target.height))
        switch frame.format {
        case .rgb24:
            convertRGB(frame.planes[0].pixels, stride: frame.planes[0].stride, plan, to: target)
        case .gray:
            convertGray(frame.planes[0].pixels, stride: frame.planes[0].stride, plan, to: target)
        default:
            convertYUV(frame, plan, to: target)
        }
    }

    /// Where the result goes.
    struct Target {
        let bytes: UnsafeMutablePointer<UInt8>
        let width: Int
        let height: Int
        var pixels: Int { width * height }
    }

    private func convertJPEG(_ data: UnsafeRawBufferPointer, crop: CenterCrop, to target: Target) throws(MediaError) {
        let header = try jpeg.header(of: data)
        let box = crop.rectangle(
            width: header.width, height: header.height, targetWidth: target.width, targetHeight: target.height)
        // Eighths; the sizes between have no vector code in libjpeg-turbo and cost more than the whole. Below twice the
        // tensor's size the decoder's own scaling would show in the result.
        let eighths = [1, 2, 4].first { box.width * Double($0) / 8 >= 2 * Double(target.width) } ?? 8
        let width = (header.width * eighths + 7) / 8
        let height = (header.height * eighths + 7) / 8
        let pixels = sheet.bytes(width * height * (header.isCMYK ? 4 : 3))
        try jpeg.decode(data, header: header, width: width, height: height, into: pixels)
        if header.isCMYK { Self.convertCMYK(pixels, count: width * height) }
        let plan = plan(
            ResamplePlan.Key(
                width: width, height: height, fullWidth: header.width, fullHeight: header.height,
                decodedScale: Double(eighths) / 8, chromaStepX: 1, chromaStepY: 1, isLimitedRange: false,
                crop: crop,
                targetWidth: target.width, targetHeight: target.height))
        if header.isGray {
            convertGray(pixels, stride: width, plan, to: target)
        } else {
            convertRGB(pixels, stride: 3 * width, plan, to: target)
        }
    }

    /// Turns inverted CMYK, as Adobe's programs and all others by now write it, to RGB in place.
    private static func convertCMYK(_ pixels: UnsafeMutablePointer<UInt8>, count: Int) {
        for index in 0..<count {
            let key = Int(pixels[4 * index + 3])
            for channel in 0..<3 {
                pixels[3 * index + channel] = UInt8((Int(pixels[4 * index + channel]) * key + 127) / 255)
            }
        }
    }

    private func plan(_ key: ResamplePlan.Key) -> ResamplePlan {
        if let known = plans.first(where: { $0.key == key }) { return known }
        if plans.count == Self.keptPlans { plans.removeFirst() }
        let made = ResamplePlan(key)
        plans.append(made)
        return made
    }
}

extension Frame.Plane {
    /// The first byte; `Frame.validate()` has shown that there is one.
    var pixels: UnsafePointer<UInt8> { bytes.bindMemory(to: UInt8.self).baseAddress.unsafelyUnwrapped }
}
