import Glibc
import Media

/// Opens a device and says in words why it cannot be opened.
enum OpenMicrophone {
    /// Opens and sets up a device.
    ///
    /// - Parameter format: What the device must give; nil for the nearest to the configuration.
    /// - Returns: The stream, which is the caller's to close, and what it was set to.
    static func open(
        _ configuration: MicrophoneConfiguration, as format: SoundFormat? = nil, tree: DeviceTree = DeviceTree()
    ) throws(CaptureError) -> (stream: ALSA.Stream, setting: ALSA.Setting) {
        let stream: ALSA.Stream
        do throws(ALSAError) {
            stream = try ALSA.open(configuration.device)
        } catch {
            throw unopened(configuration.device, error, tree)
        }
        let setting: ALSA.Setting
        do throws(ALSAError) {
            setting = try ALSA.configure(stream, configuration)
        } catch {
            ALSA.close(stream)
            throw CaptureError(
                .notOffered,
                "\(configuration.device): \(error.call): \(error.reason). `default` or another device may do; "
                    + "`heed devices` lists them.")
        }
        if let format, setting.format != format {
            ALSA.close(stream)
            throw CaptureError(
                .notOffered,
                "\(configuration.device): gives \(setting.format) now, but gave \(format) before; start anew")
        }
        return (stream, setting)
    }

    private static func unopened(_ device: String, _ error: ALSAError, _ tree: DeviceTree) -> CaptureError {
        let microphones = Microphones.all(in: tree)
        let named = microphones.first { $0.matches(device) }
        switch error.number {
        case EBUSY:
            let holders = named?.holders.map(\.description) ?? []
            let holder = holders.isEmpty ? "another program" : holders.joined(separator: ", ")
            return CaptureError(
                .busy,
                "\(device): is in use by \(holder). End it, or use `default`, which programs can share where a sound "
                    + "server runs.")
        case EACCES, EPERM:
            return named?.problem
                ?? CaptureError(.denied, "\(device): this user may not open it: \(error.reason)")
        case ENOENT, ENODEV, ENXIO:
            let problem = microphones.compactMap(\.problem).first
            let others = microphones.map(\.name).joined(separator: ", ")
            let found = others.isEmpty ? Microphones.nothingFound(in: tree).message : "There are: \(others)."
            return CaptureError(
                .notFound, "\(device): no such microphone: \(error.reason). \(problem?.message ?? found)")
        default:
            return CaptureError(.failed, "\(device): cannot be opened: \(error.reason)")
        }
    }
}
