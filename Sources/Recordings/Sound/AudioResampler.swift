import CFFmpeg
import Media

/// Turns decoded sound of any format, rate and channels into mono at 16 kHz, with libswresample.
final class AudioResampler {
    /// What the context was made for: sound may change in the middle of a file.
    private struct Source: Equatable {
        var format: Int32
        var rate: Int32
        var channels: Int32
        var mask: UInt64
    }

    private var context: OpaquePointer?
    private var source: Source?

    deinit { swr_free(&context) }

    /// Resamples a frame, and adds what is ready to `samples`; says how many samples were no numbers, and why it
    /// failed.
    func append(
        _ frame: UnsafeMutablePointer<AVFrame>, to samples: inout [Float]
    ) -> (damagedSamples: Int, failure: String?) {
        let layout = frame.pointee.ch_layout
        let new = Source(
            format: frame.pointee.format, rate: frame.pointee.sample_rate, channels: layout.nb_channels,
            mask: layout.order == AV_CHANNEL_ORDER_NATIVE ? layout.u.mask : 0)
        if new != source {
            if let failure = flush(to: &samples) ?? start(new, layout) { return (0, failure) }
        }
        let damaged = Self.repair(frame)
        let input = UnsafeMutablePointer<UnsafePointer<UInt8>?>(OpaquePointer(frame.pointee.extended_data))
        return (damaged, convert(input, count: frame.pointee.nb_samples, into: &samples))
    }

    /// Resamples frames of sound as a microphone brings them, all the bytes of which must be there.
    func append(
        _ bytes: [UInt8], frames: Int, format: SoundFormat, to samples: inout [Float]
    ) -> (damagedSamples: Int, failure: String?) {
        let new = Source(
            format: format.encoding.libraryFormat.rawValue, rate: Int32(clamping: format.rate),
            channels: Int32(clamping: format.channels), mask: 0)
        if new != source {
            if let failure = flush(to: &samples) ?? start(new, AVChannelLayout()) { return (0, failure) }
        }
        var bytes = format.encoding == .signed24 ? SoundFormat.Encoding.widened(bytes) : bytes
        return bytes.withUnsafeMutableBytes { memory in
            let damaged = format.encoding == .float32 ? Self.repair(memory.bindMemory(to: Float.self)) : 0
            var input = UnsafePointer(memory.bindMemory(to: UInt8.self).baseAddress)
            return (damaged, convert(&input, count: Int32(frames), into: &samples))
        }
    }

    /// How much sound went in and has not come out.
    var delay: Duration { context.map { .nanoseconds(swr_get_delay($0, 1_000_000_000)) } ?? .zero }

    /// Makes the next `length` samples of output out of `samples` fewer; nil, or why that failed.
    func stretch(by samples: Int, over length: Int) -> String? {
        guard let context else { return nil }
        let (result, reason) = FFmpeg.run { swr_set_compensation(context, Int32(samples), Int32(length)) }
        return result < 0 ? reason : nil
    }

    /// Adds what the filter holds back to `samples`; the next frame begins anew.
    func flush(to samples: inout [Float]) -> String? {
        guard context != nil else { return nil }
        let failure = convert(nil, count: 0, into: &samples)
        swr_free(&context)
        source = nil
        return failure
    }

    private func start(_ source: Source, _ layout: AVChannelLayout) -> String? {
        var input = layout
        // Without an order, channels are where they usually are.
        if source.mask == 0 { av_channel_layout_default(&input, source.channels) }
        var mono = AVChannelLayout()
        av_channel_layout_default(&mono, 1)
        let (result, reason) = FFmpeg.run {
            let made = swr_alloc_set_opts2(
                &context, &mono, AV_SAMPLE_FMT_FLT, Int32(AudioBlock.rate), &input, AVSampleFormat(source.format),
                source.rate, 0, nil)
            guard made >= 0, let context else { return made < 0 ? made : -12 }
            // Else channels of the same sound add up beyond 1.
            av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
            // Nobody knows where so many channels are: all count alike.
            if input.order != AV_CHANNEL_ORDER_NATIVE {
                let weights = [Double](repeating: 1 / Double(source.channels), count: Int(source.channels))
                let set = swr_set_matrix(context, weights, source.channels)
                if set < 0 { return set }
            }
            return swr_init(context)
        }
        guard result >= 0 else {
            swr_free(&context)
            return "\(source.channels) channels at \(source.rate) Hz: \(reason)"
        }
        self.source = source
        return nil
    }

    private func convert(
        _ input: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int32, into samples: inout [Float]
    ) -> String? {
        let bound = swr_get_out_samples(context, count)
        guard bound >= 0 else { return "out of range" }
        guard bound > 0 else { return nil }
        var failure: String?
        let new = [Float](unsafeUninitializedCapacity: Int(bound)) { buffer, filled in
            let (made, reason) = FFmpeg.run {
                buffer.withMemoryRebound(to: UInt8.self) { bytes in
                    var output = bytes.baseAddress
                    return swr_convert(context, &output, bound, input, count)
                }
            }
            if made < 0 { failure = reason }
            filled = max(0, Int(made))
            for index in 0..<filled { buffer[index] = min(1, max(-1, buffer[index])) }
        }
        samples += new
        return failure
    }

    /// Sets samples that are no numbers to 0: one would spread over all that the filter sees with it.
    private static func repair(_ frame: UnsafeMutablePointer<AVFrame>) -> Int {
        let format = AVSampleFormat(frame.pointee.format)
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        let isDouble = format == AV_SAMPLE_FMT_DBL || format == AV_SAMPLE_FMT_DBLP
        guard isDouble || format == AV_SAMPLE_FMT_FLT || format == AV_SAMPLE_FMT_FLTP else { return 0 }
        let channels = Int(frame.pointee.ch_layout.nb_channels)
        let count = Int(frame.pointee.nb_samples) * (isPlanar ? 1 : channels)
        var damaged = 0
        guard av_frame_make_writable(frame) >= 0 else { return 0 }
        for plane in 0..<(isPlanar ? channels : 1) {
            guard let data = frame.pointee.extended_data[plane] else { continue }
            let raw = UnsafeMutableRawPointer(data)
            if isDouble {
                damaged += repair(
                    UnsafeMutableBufferPointer(start: raw.assumingMemoryBound(to: Double.self), count: count))
            } else {
                damaged += repair(
                    UnsafeMutableBufferPointer(start: raw.assumingMemoryBound(to: Float.self), count: count))
            }
        }
        return damaged
    }

    private static func repair<Sample: BinaryFloatingPoint>(_ samples: UnsafeMutableBufferPointer<Sample>) -> Int {
        var damaged = 0
        // Full scale is 1; what is a million times that is no sound either, and its filtered sum may not be finite.
        for index in samples.indices where !(samples[index].magnitude <= 1e6) {
            samples[index] = 0
            damaged += 1
        }
        return damaged
    }
}

extension SoundFormat.Encoding {
    /// What FFmpeg's libraries call it; 24 bits they take as the upper ones of 32.
    var libraryFormat: AVSampleFormat {
        switch self {
        case .signed16: AV_SAMPLE_FMT_S16
        case .signed24, .signed32: AV_SAMPLE_FMT_S32
        case .float32: AV_SAMPLE_FMT_FLT
        }
    }

    /// Samples of 24 bits as the upper ones of 32.
    static func widened(_ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count / 3
        return [UInt8](unsafeUninitializedCapacity: 4 * count) { buffer, filled in
            for sample in 0..<count {
                buffer[4 * sample] = 0
                for byte in 0..<3 { buffer[4 * sample + 1 + byte] = bytes[3 * sample + byte] }
            }
            filled = 4 * count
        }
    }

    /// The upper 24 of 32 bits.
    static func narrowed(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let count = bytes.count / 4
        return [UInt8](unsafeUninitializedCapacity: 3 * count) { buffer, filled in
            for sample in 0..<count {
                for byte in 0..<3 { buffer[3 * sample + byte] = bytes[4 * sample + 1 + byte] }
            }
            filled = 3 * count
        }
    }
}
