import Glibc
import Units

/// The work of a co-runner on one core. Belongs to one thread at a time; what it computes is of no use.
public struct CoRunnerWork: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<Double>
    private var place = 0
    private var numbers = SIMD8<Double>(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

    /// How long work goes on between two looks at the clock is bounded by these: some 10 µs each.
    private static let stepsOfArithmetic = 4096
    private static let numbersInTurn = 8192

    /// Work without memory, for `compute`.
    public init() { memory = UnsafeMutableBufferPointer(start: nil, count: 0) }

    /// Work that streams so many bytes over and over, for `memory`; they are taken at once.
    public init(streaming bytes: Int) {
        let count = max(bytes / MemoryLayout<Double>.stride, 3 * Self.numbersInTurn)
        memory = .allocate(capacity: count)
        memory.initialize(repeating: 1)
    }

    deinit { memory.deallocate() }

    /// Works until a moment on `CLOCK_MONOTONIC`.
    public mutating func run(until end: Duration) {
        repeat {
            if memory.isEmpty { compute() } else { stream() }
        } while Duration.reading(CLOCK_MONOTONIC) < end
    }

    private mutating func compute() {
        var numbers = numbers
        for _ in 0..<Self.stepsOfArithmetic { numbers = numbers * 0.999_999 + 1e-6 }
        self.numbers = numbers
    }

    /// The triad of STREAM (McCalpin 1995) over a part of each third of the memory: a = b + s c.
    private mutating func stream() {
        let third = memory.count / 3
        let count = min(Self.numbersInTurn, third - place)
        guard let base = memory.baseAddress else { return }
        let (a, b, c) = (base + place, base + third + place, base + 2 * third + place)
        for index in 0..<count { a[index] = b[index] + 0.5 * c[index] }
        place = place + count < third ? place + count : 0
    }
}

extension CoRunnerWork {
    /// How many bytes all threads together stream: four times the largest cache, 128 MiB at least, and a quarter of
    /// what is available at most.
    ///
    /// - Throws: `MachineError` where the machine does not tell what is available.
    public static func bytesToStream() throws(MachineError) -> Int {
        try bytesToStream(files: KernelFiles(), available: MemoryUse.available())
    }

    static func bytesToStream(files: KernelFiles, available: Int) -> Int {
        let folder = "/sys/devices/system/cpu/cpu0/cache"
        let largest = files.names(in: folder).compactMap { name -> Int? in
            guard let text = files.readIfPresent("\(folder)/\(name)/size")?.trimmed, text.hasSuffix("K") else {
                return nil
            }
            return Int(text.dropLast()).map { $0 << 10 }
        }.max()
        return min(max(4 * (largest ?? 0), 128 << 20), available / 4)
    }
}
