import Alert
import Machine
import Pipelines
import Recognition

extension Checkup {
    /// The inference engine and what depends on it.
    struct Engine {
        private let runtime: Result<OnnxRuntime, RecognitionError>

        init() { runtime = Result { () throws(RecognitionError) in try OnnxRuntime.load() } }

        /// The library, and the processors that it reaches.
        var findings: [Finding] {
            switch runtime {
            case .failure(let error):
                return [
                    Finding(
                        name: "ONNX Runtime", state: .missing, detail: error.message,
                        remedy: "`heed models build` fetches it.", essential: true)
                ]
            case .success(let runtime):
                return [
                    Finding(
                        name: "ONNX Runtime", state: .present, detail: "\(runtime.version), \(runtime.path)",
                        essential: true)
                ]
                    + runtime.processors().map { status in
                        switch status.availability {
                        case .available(let device, let precisions):
                            Finding(
                                name: status.processor.rawValue, state: .present,
                                detail: "\(device): \(precisions.map(\.rawValue).joined(separator: ", "))")
                        case .missing(let reason, let remedy):
                            Finding(
                                name: status.processor.rawValue, state: .missing, detail: reason,
                                remedy: remedy.isEmpty ? nil : remedy)
                        }
                    }
            }
        }

        /// The recognisers, and whether what is known of their speed is of this machine.
        func models(root: String) -> [Finding] {
            let installed = (try? ModelBundle.all(in: DataFolder.models)) ?? []
            let sound = installed.filter { (try? $0.bundle.get()) != nil }.map(\.name)
            let recognizers = Finding(
                name: "recognisers", state: sound.isEmpty ? .missing : .present,
                detail: sound.isEmpty ? "none in \(DataFolder.models)" : sound.joined(separator: ", "),
                remedy: sound.isEmpty ? "`heed models build` builds them." : nil, essential: true)
            let damaged = installed.compactMap { name, bundle -> Finding? in
                guard case .failure(let error) = bundle else { return nil }
                return Finding(name: name, state: .missing, detail: error.message)
            }
            return [recognizers] + damaged + [profile(root: root)]
        }

        private func profile(root: String) -> Finding {
            let store = ProfileStore()
            func finding(_ state: Finding.State, _ detail: String) -> Finding {
                Finding(
                    name: "profile", state: state, detail: detail,
                    remedy: state == .missing ? "`heed profile` measures anew." : nil)
            }
            do {
                guard let profile = try store.load() else {
                    return finding(.absent, "none yet: the first run measures the recognisers, or `heed profile`")
                }
                var machine = try MachineDescription.current(root: root).identity
                if let runtime = try? runtime.get() { machine["onnxruntime"] = runtime.version }
                let differences = profile.differences(from: (machine: machine, models: [:]))
                guard differences.isEmpty else {
                    return finding(.missing, "\(store.path) does not fit: \(differences.joined(separator: "; "))")
                }
                return finding(
                    .present,
                    "\(profile.candidates.count) candidates measured on this machine, watts \(profile.energySource)")
            } catch {
                return finding(.missing, "\(error)")
            }
        }
    }
}
