import CNVML
import Synchronization
import Units

/// NVIDIA's management library, where there is one: the graphics cards' energy.
///
/// Safe on any thread, as the library itself is.
final class NVML: @unchecked Sendable {
    // Sendable: the function table and the handles never change once made; NVML documents its calls as thread-safe.

    /// The name under which the driver installs it.
    static let libraryName = "libnvidia-ml.so.1"
    private static let loaded = Mutex<[String: NVML]>([:])
    private static let textLength = 96

    let api: nvml_api

    /// A call that failed, in the library's words.
    struct Failure: Error { var reason: String }

    /// Opens the library, or gives the one that is open; it stays open for the life of the process.
    static func load(_ path: String) throws(Failure) -> NVML {
        try loaded.withLock { loaded throws(Failure) in
            if let known = loaded[path] { return known }
            let library = try NVML(path)
            loaded[path] = library
            return library
        }
    }

    private init(_ path: String) throws(Failure) {
        var table = nvml_api()
        var reason: UnsafePointer<CChar>?
        guard nvml_open(path, &table, &reason) == 0 else {
            throw Failure(reason: reason.map { String(cString: $0) } ?? "no reason given")
        }
        api = table
        try check(api.Init?())
    }

    func check(_ result: nvml_result?) throws(Failure) {
        guard let result else { throw Failure(reason: "this release of the library lacks the function") }
        guard result != Int32(nvml_success) else { return }
        throw Failure(reason: api.ErrorString?(result).map { String(cString: $0) } ?? "error \(result)")
    }

    /// The graphics cards that this process may use.
    func cards() throws(Failure) -> [Card] {
        var count: UInt32 = 0
        try check(api.DeviceGetCount?(&count))
        var cards: [Card] = []
        for index in 0..<count {
            var handle: nvml_device?
            try check(api.DeviceGetHandleByIndex?(index, &handle))
            guard let handle else { continue }
            let name = try text { api.DeviceGetName?(handle, $0, UInt32(Self.textLength)) }
            cards.append(Card(library: self, handle: handle, index: Int(index), name: name))
        }
        return cards
    }

    func text(_ read: (UnsafeMutablePointer<CChar>?) -> nvml_result?) throws(Failure) -> String {
        var bytes = [CChar](repeating: 0, count: Self.textLength)
        try check(bytes.withUnsafeMutableBufferPointer { read($0.baseAddress) })
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A graphics card.
    struct Card: @unchecked Sendable {
        // Sendable: the handle is the library's, opaque and usable on any thread.
        let library: NVML
        let handle: nvml_device
        /// Its number, from 0.
        let index: Int
        /// Its make.
        let name: String

        /// What it has spent since the driver was loaded; cards before Volta do not count.
        func energy() throws(Failure) -> Joules {
            var millijoules: UInt64 = 0
            try library.check(library.api.DeviceGetTotalEnergyConsumption?(handle, &millijoules))
            return Joules(Double(millijoules) * 1e-3)
        }

        /// What it draws.
        func power() throws(Failure) -> Watts {
            var milliwatts: UInt32 = 0
            try library.check(library.api.DeviceGetPowerUsage?(handle, &milliwatts))
            return Watts(Double(milliwatts) * 1e-3)
        }
    }
}

extension NVML {
    /// Between two questions: cards renew their figures every 20 to 100 ms.
    private static let interval = Duration.milliseconds(100)

    /// Opens the counters of all cards: their energy, or else their power.
    static func find(library path: String?, in files: KernelFiles) -> FoundMeter {
        guard let path else { return .missing("NVIDIA's library is not looked for", remedy: nil) }
        let cards: [Card]
        do throws(Failure) {
            cards = try load(path).cards()
        } catch {
            return absent(path, error.reason, in: files)
        }
        guard !cards.isEmpty else { return .missing("\(path) knows no graphics card", remedy: nil) }
        var counters: [any EnergyCounter] = []
        for card in cards {
            let counts = (try? card.energy()) != nil
            do throws(CounterFailure) {
                counters.append(
                    try SampledCounter(.nvml, name: "\(card.index): \(card.name)", interval: interval) {
                        () throws(CounterFailure) in
                        do throws(Failure) {
                            return counts ? .energy(try card.energy()) : .power(try card.power())
                        } catch {
                            throw .useless("says: \(error.reason)")
                        }
                    })
            } catch {
                return .missing("graphics card \(card.index), \(card.name), has no figure: it \(error)", remedy: nil)
            }
        }
        return .counters(counters, .graphics)
    }

    private static func absent(_ path: String, _ reason: String, in files: KernelFiles) -> FoundMeter {
        let bus = "/sys/bus/pci/devices"
        let hasCard = files.names(in: bus).contains { device in
            files.readIfPresent("\(bus)/\(device)/vendor")?.trimmed == "0x10de"
                && files.readIfPresent("\(bus)/\(device)/class")?.hasPrefix("0x03") ?? false
        }
        guard hasCard else { return .missing("no NVIDIA graphics card", remedy: nil) }
        return .missing(
            "\(path) cannot be used: \(reason)",
            remedy: "Install NVIDIA's driver: `sudo apt install nvidia-driver`; start a container with `--gpus all`.")
    }
}
