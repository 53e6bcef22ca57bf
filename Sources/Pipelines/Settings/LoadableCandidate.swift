import Alert
import Recognition

/// A recogniser with a setting, before it is loaded: the candidate's name, and what its sessions are made from.
struct LoadableCandidate {
    /// The recogniser's files.
    let bundle: ModelBundle
    /// Who it is; of speech, for any task.
    let candidate: Candidate
    /// How its sessions run.
    let options: SessionOptions
}

extension SettingChoices {
    /// Each bundle with each setting: the bundles in their order, each with the settings in theirs.
    func candidates(of bundles: [ModelBundle]) throws(PipelinesError) -> [LoadableCandidate] {
        var candidates: [LoadableCandidate] = []
        for bundle in bundles {
            for setting in settings {
                candidates.append(
                    LoadableCandidate(
                        bundle: bundle, candidate: Candidate(recognizer: bundle.manifest.name, setting: setting),
                        options: try SessionOptions(setting)))
            }
        }
        return candidates
    }
}

extension SessionOptions {
    /// What makes a session run as a setting says, its power aside.
    init(_ setting: Setting) throws(PipelinesError) {
        guard let processor = Processor(rawValue: setting.processor),
            let precision = setting.precision.map({ Precision(rawValue: $0) }) ?? .fp32, setting.threads > 0
        else {
            throw PipelinesError(.badConfiguration, "\(setting.name): no setting that this heed knows")
        }
        self.init(processor: processor, precision: precision, threads: setting.threads)
    }
}

extension Setting {
    /// A setting without a power setting; fp32 is what models have, and goes without saying.
    init(processor: Processor, precision: Precision, threads: Int) {
        self.init(
            processor: processor.rawValue, precision: precision == .fp32 ? nil : precision.rawValue, threads: threads)
    }

    /// How numbers are computed with it.
    var computed: Precision { precision.flatMap { Precision(rawValue: $0) } ?? .fp32 }
}
