import ArgumentParser
import Capture

/// `heed devices`: the cameras and microphones of this machine.
struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List cameras and microphones, who holds them, and what keeps you from them.",
        discussion: """
            Cameras go by the link that stays the same when they are plugged in again (/dev/v4l/by-id/…), with the \
            node that they have now beside it; microphones by their card's name (hw:CARD=…). Pass these names on to \
            heed.

            Of each camera: its driver, the formats that heed reads with their sizes and frames a second, and the mode \
            that heed takes unless told otherwise, with what speaks against it. Of each device: the processes that \
            have it open, and, where it may not be opened, what is missing and the command that mends it.

            Cameras are opened for a moment and asked, never switched on; microphones are not even opened. A machine \
            without devices is no error: then the list says what was looked for and what to do.

            Examples:
              heed devices
              heed devices --json | jq -r '.cameras[].device'
            """)

    @Flag(help: "Print one JSON object for programs; docs/devices.md has its keys.")
    var json = false

    @Option(help: .private)
    var root = ""

    func run() throws {
        let listing = DeviceListing(tree: DeviceTree(root: root))
        try answer(json ? listing.json() : listing.text)
    }
}
