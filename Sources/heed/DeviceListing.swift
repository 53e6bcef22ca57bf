import Capture

/// The cameras and microphones of a machine, and what is to be said of them.
struct DeviceListing {
    /// The cameras, in the order of their nodes.
    var cameras: [CameraDescription]
    /// The microphones, in the order of their cards.
    var microphones: [MicrophoneDescription]
    /// Nodes that look like cameras but give no pictures, and why.
    var others: [(path: String, reason: String)]
    /// What concerns no single device: what is missing where there is none, and what could not be seen.
    var notes: (cameras: [String], microphones: [String])

    /// Looks at the devices of a tree.
    init(tree: DeviceTree) {
        let report = CameraReport(tree: tree)
        cameras = report.cameras
        others = report.others
        microphones = Microphones.all(in: tree)
        notes = ([], [])
        if cameras.isEmpty {
            notes.cameras.append(report.nothingFound.message)
        } else if !report.withoutNode.isEmpty {
            let names = report.withoutNode.joined(separator: ", ")
            let options = report.withoutNode.map { "--device /dev/\($0)" }.joined(separator: " ")
            notes.cameras.append(
                "The kernel also has \(names), but /dev does not. In a container, start it with `\(options)`.")
        }
        // The kernel tells the users of sound cards to everybody, but those of cameras only to themselves.
        if report.hiddenProcesses > 0, cameras.contains(where: \.holders.isEmpty) {
            notes.cameras.append(
                "Processes of other users may hold a camera unseen: \(report.hiddenProcesses) could not be looked at. "
                    + "`sudo heed devices` sees them all.")
        }
        if microphones.isEmpty { notes.microphones.append(Microphones.nothingFound(in: tree).message) }
    }

    /// Makes a listing of what is known.
    init(cameras: [CameraDescription], microphones: [MicrophoneDescription]) {
        self.cameras = cameras
        self.microphones = microphones
        others = []
        notes = ([], [])
    }
}

extension CameraDescription {
    /// The name to pass on to heed: it stays the same when the camera is plugged in again.
    var device: String { node.stablePaths.first ?? node.path }

    /// The mode that heed takes unless told otherwise; nil where the camera could not be asked, or has none for heed.
    var defaultChoice: ModeChoice? { offers.isEmpty ? nil : try? choice() }
}
