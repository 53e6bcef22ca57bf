import CALSA
import Glibc
import Media

/// A call of alsa-lib's that failed.
struct ALSAError: Error, Hashable {
    /// The name of the call.
    let call: String
    /// The positive errno.
    let number: Int32
    /// alsa-lib's own words, where it had some; else those for the number.
    let reason: String
}

/// alsa-lib's calls, as far as capture needs them. All of alsa-lib is called from here.
///
/// A stream belongs to one thread at a time. Only `open` and `configure` allocate.
enum ALSA {
    typealias Stream = OpaquePointer

    /// What came of a call that moves sound or the stream's state.
    enum Result: Hashable {
        /// So many frames.
        case frames(Int)
        /// Nothing for now.
        case notYet
        /// The card does not know how.
        case unsupported
        /// The stream has stopped.
        case fault(SoundFault)
    }

    /// What a stream was set to, which may differ from what was wished for.
    struct Setting: Hashable {
        var format: SoundFormat
        var periodFrames: Int
        var bufferFrames: Int
        /// Whether the card's stamps are on `CLOCK_MONOTONIC`.
        var stampsAreMonotonic: Bool
    }

    /// Opens a device for capture; never waits for another user of it.
    static func open(_ name: String) throws(ALSAError) -> Stream {
        var stream: Stream?
        try check("snd_pcm_open") { snd_pcm_open(&stream, name, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK)) }
        guard let stream else { throw ALSAError(call: "snd_pcm_open", number: EINVAL, reason: "no stream") }
        return stream
    }

    static func close(_ stream: Stream) { snd_pcm_close(stream) }

    /// Sets a stream up: format, rate, then the period, then the buffer as a whole number of periods.
    static func configure(_ stream: Stream, _ wish: MicrophoneConfiguration) throws(ALSAError) -> Setting {
        var setting = try configureHardware(stream, wish)
        setting.stampsAreMonotonic = try configureSoftware(stream, setting)
        return setting
    }

    private static func configureHardware(
        _ stream: Stream, _ wish: MicrophoneConfiguration
    ) throws(ALSAError) -> Setting {
        var allocated: OpaquePointer?
        try check("snd_pcm_hw_params_malloc") { snd_pcm_hw_params_malloc(&allocated) }
        let parameters = allocated
        defer { snd_pcm_hw_params_free(parameters) }
        try check("snd_pcm_hw_params_any") { snd_pcm_hw_params_any(stream, parameters) }
        // Resampling hides the card's own rate, delays, and is done better where the recogniser's rate is known.
        try check("snd_pcm_hw_params_set_rate_resample") { snd_pcm_hw_params_set_rate_resample(stream, parameters, 0) }
        try check("snd_pcm_hw_params_set_access") {
            snd_pcm_hw_params_set_access(stream, parameters, SND_PCM_ACCESS_RW_INTERLEAVED)
        }
        let encoding = encodings.first { snd_pcm_hw_params_set_format(stream, parameters, $0.format) >= 0 }
        guard let encoding else {
            throw ALSAError(
                call: "snd_pcm_hw_params_set_format", number: EINVAL,
                reason: "the device gives none of S16_LE, S32_LE, S24_3LE and FLOAT_LE")
        }
        var channels = UInt32(clamping: wish.channels)
        try check("snd_pcm_hw_params_set_channels_near") {
            snd_pcm_hw_params_set_channels_near(stream, parameters, &channels)
        }
        var rate = UInt32(clamping: wish.rate)
        var direction: Int32 = 0
        try check("snd_pcm_hw_params_set_rate_near") {
            snd_pcm_hw_params_set_rate_near(stream, parameters, &rate, &direction)
        }
        var period = snd_pcm_uframes_t(clamping: frames(wish.period, rate: rate))
        direction = 0
        try check("snd_pcm_hw_params_set_period_size_near") {
            snd_pcm_hw_params_set_period_size_near(stream, parameters, &period, &direction)
        }
        let periods = max(2, (frames(wish.buffer, rate: rate) + Int(period) - 1) / max(1, Int(period)))
        var buffer = period * snd_pcm_uframes_t(periods)
        try check("snd_pcm_hw_params_set_buffer_size_near") {
            snd_pcm_hw_params_set_buffer_size_near(stream, parameters, &buffer)
        }
        try check("snd_pcm_hw_params") { snd_pcm_hw_params(stream, parameters) }
        try check("snd_pcm_hw_params_get_channels") { snd_pcm_hw_params_get_channels(parameters, &channels) }
        try check("snd_pcm_hw_params_get_rate") { snd_pcm_hw_params_get_rate(parameters, &rate, &direction) }
        try check("snd_pcm_hw_params_get_period_size") {
            snd_pcm_hw_params_get_period_size(parameters, &period, &direction)
        }
        try check("snd_pcm_hw_params_get_buffer_size") { snd_pcm_hw_params_get_buffer_size(parameters, &buffer) }
        return Setting(
            format: SoundFormat(rate: Int(rate), channels: Int(channels), encoding: encoding.encoding),
            periodFrames: Int(period), bufferFrames: Int(buffer), stampsAreMonotonic: false)
    }

    /// Wakes us each period, stops when the buffer is full, stamps; whether it stamps on `CLOCK_MONOTONIC`.
    private static func configureSoftware(_ stream: Stream, _ setting: Setting) throws(ALSAError) -> Bool {
        var allocated: OpaquePointer?
        try check("snd_pcm_sw_params_malloc") { snd_pcm_sw_params_malloc(&allocated) }
        let parameters = allocated
        defer { snd_pcm_sw_params_free(parameters) }
        let period = snd_pcm_uframes_t(setting.periodFrames)
        let buffer = snd_pcm_uframes_t(setting.bufferFrames)
        try check("snd_pcm_sw_params_current") { snd_pcm_sw_params_current(stream, parameters) }
        try check("snd_pcm_sw_params_set_avail_min") { snd_pcm_sw_params_set_avail_min(stream, parameters, period) }
        try check("snd_pcm_sw_params_set_start_threshold") {
            snd_pcm_sw_params_set_start_threshold(stream, parameters, 1)
        }
        try check("snd_pcm_sw_params_set_stop_threshold") {
            snd_pcm_sw_params_set_stop_threshold(stream, parameters, buffer)
        }
        let stamps =
            snd_pcm_sw_params_set_tstamp_mode(stream, parameters, SND_PCM_TSTAMP_ENABLE) >= 0
            && snd_pcm_sw_params_set_tstamp_type(stream, parameters, SND_PCM_TSTAMP_TYPE_MONOTONIC) >= 0
        try check("snd_pcm_sw_params") { snd_pcm_sw_params(stream, parameters) }
        return stamps
    }

    /// Makes a stopped stream ready and starts it, with an empty buffer.
    static func start(_ stream: Stream) -> Result {
        // A stream that still runs must be stopped first; one that does not says so, which is no matter.
        if snd_pcm_state(stream) == SND_PCM_STATE_RUNNING { snd_pcm_drop(stream) }
        let status = result(snd_pcm_prepare(stream), stream)
        if case .fault = status { return status }
        return result(snd_pcm_start(stream), stream)
    }

    /// Wakes a stream that was put to sleep.
    static func resume(_ stream: Stream) -> Result {
        let status = snd_pcm_resume(stream)
        return status == -ENOSYS ? .unsupported : result(status, stream)
    }

    /// How many frames wait, and the moment at which the card had brought the last of them; zero when it has no clock.
    static func available(_ stream: Stream) -> (result: Result, stamp: MonotonicTime) {
        var frames: snd_pcm_uframes_t = 0
        var stamp = snd_htimestamp_t()
        let status = snd_pcm_htimestamp(stream, &frames, &stamp)
        let time = MonotonicTime(nanoseconds: Int64(stamp.tv_sec) &* 1_000_000_000 &+ Int64(stamp.tv_nsec))
        return (status < 0 ? result(status, stream) : .frames(Int(frames)), time)
    }

    /// Reads up to `frames` frames; never waits.
    static func read(_ stream: Stream, _ frames: Int, into memory: UnsafeMutableRawPointer) -> Result {
        let count = snd_pcm_readi(stream, memory, snd_pcm_uframes_t(frames))
        return count < 0 ? result(Int32(count), stream) : .frames(Int(count))
    }

    /// The files to wait on; those that do not fit are left out.
    static func fill(_ files: UnsafeMutableBufferPointer<pollfd>, from stream: Stream) -> Int {
        max(0, Int(snd_pcm_poll_descriptors(stream, files.baseAddress, UInt32(files.count))))
    }

    /// What `poll` found on the stream's files; a plugin may have turned it round.
    static func events(_ files: UnsafeMutableBufferPointer<pollfd>, of stream: Stream) -> Int32 {
        var events: UInt16 = 0
        let status = snd_pcm_poll_descriptors_revents(stream, files.baseAddress, UInt32(files.count), &events)
        return status < 0 ? Int32(POLLERR) : Int32(events)
    }

    private static func result(_ status: Int32, _ stream: Stream) -> Result {
        switch -status {
        case Int32.min...0: .frames(Int(status))
        case EAGAIN, EINTR: .notYet
        // Plugins are known to call a card that is gone an overrun.
        case _ where snd_pcm_state(stream) == SND_PCM_STATE_DISCONNECTED: .fault(.disconnected)
        case EPIPE: .fault(.overrun)
        case ESTRPIPE: .fault(.suspended)
        case ENODEV: .fault(.disconnected)
        case EBADFD: .fault(.badState)
        case EIO: .fault(.inputOutput)
        default: .fault(.other(-status))
        }
    }

    private static let keepsLog: Void = heed_alsa_keep_log()

    private static func check(_ call: String, _ work: () -> Int32) throws(ALSAError) {
        _ = keepsLog
        heed_alsa_reset_line()
        let status = work()
        guard status < 0 else { return }
        let line = String(cString: heed_alsa_line())
        let reason = line.isEmpty ? String(cString: snd_strerror(status)) : line
        throw ALSAError(call: call, number: -status, reason: reason)
    }

    private static func frames(_ duration: Duration, rate: UInt32) -> Int {
        Int((duration / .seconds(1) * Double(rate)).rounded())
    }

    private static let encodings: [(format: snd_pcm_format_t, encoding: SoundFormat.Encoding)] = [
        (SND_PCM_FORMAT_S16_LE, .signed16), (SND_PCM_FORMAT_S32_LE, .signed32), (SND_PCM_FORMAT_S24_3LE, .signed24),
        (SND_PCM_FORMAT_FLOAT_LE, .float32),
    ]
}
