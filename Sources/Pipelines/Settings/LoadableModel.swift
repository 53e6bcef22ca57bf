import Alert
import Recognition

/// A recogniser with a setting, before it is loaded: what its sessions are made from, and whom they serve.
struct LoadableModel {
    /// The recogniser's files.
    let bundle: ModelBundle
    /// How its sessions run.
    let options: SessionOptions
    /// Who runs on it, which differ in their power settings alone; of speech, for any task.
    let candidates: [Candidate]
    /// Where the first of them stands among all candidates.
    let first: Int

    /// What it is called where it cannot be loaded.
    var name: String {
        var candidate = candidates[0]
        candidate.setting = candidate.setting.withoutPower
        return candidate.name
    }

    /// Where they stand among all candidates.
    var indices: Range<Int> { first..<first + candidates.count }
}

extension SettingChoices {
    /// Each bundle with each setting: the bundles in their order, each with the settings in theirs.
    ///
    /// - Parameter tasks: How many candidates each of them stands for.
    /// - Throws: `PipelinesError` of code `badConfiguration` where these are more than a policy chooses among.
    func models(of bundles: [ModelBundle], tasks: Int = 1) throws(PipelinesError) -> [LoadableModel] {
        let all = bundles.count * settings.count * tasks
        guard all <= CandidateSet.capacity else {
            let each = "\(settings.count) settings" + (tasks > 1 ? " and \(tasks) tasks" : "")
            throw PipelinesError(
                .badConfiguration,
                "\(bundles.count) recognisers with \(each) are \(all) candidates, more than the "
                    + "\(CandidateSet.capacity) that are chosen among; name fewer")
        }
        var models: [LoadableModel] = []
        var count = 0
        for bundle in bundles {
            for loaded in settings.map(\.withoutPower).withoutRepeats() {
                let candidates = settings.filter { $0.withoutPower == loaded }
                    .map { Candidate(recognizer: bundle.manifest.name, setting: $0) }
                models.append(
                    LoadableModel(
                        bundle: bundle, options: try SessionOptions(loaded), candidates: candidates, first: count))
                count += candidates.count
            }
        }
        return models
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

    /// The same with the machine set so.
    func with(power: String) -> Setting {
        var setting = self
        setting.power = power
        return setting
    }

    /// How numbers are computed with it.
    var computed: Precision { precision.flatMap { Precision(rawValue: $0) } ?? .fp32 }
}
