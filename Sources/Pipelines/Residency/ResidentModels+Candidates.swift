import Alert
import Foundation
import Recognition

extension ResidencyTable.Source {
    /// What a loaded graph takes for each byte of its file: weights, weights rearranged for the processor, and work
    /// space.
    ///
    /// Of the bundles of EfficientNet-lite on the CPU it was 2.9 in 32 bits and 4 in 8 bits.
    private static var memoryPerByte: Int { 4 }

    /// What is known of a recogniser with a setting, which lets `candidates` run.
    init(_ loadable: LoadableModel, candidates: CandidateSet) {
        let files = loadable.bundle.manifest.files.keys.map { "\(loadable.bundle.directory)/\($0)" }
        let bytes = files.reduce(0) { sum, path in
            sum + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        }
        self.init(
            name: loadable.name, processor: loadable.options.processor.rawValue, candidates: candidates,
            bytes: bytes * Self.memoryPerByte)
    }
}
