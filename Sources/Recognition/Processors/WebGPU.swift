import COnnxRuntime
import Synchronization

/// A GPU, or a software Vulkan driver where the user allows one, by ONNX Runtime's WebGPU plug-in.
///
/// The plug-in reaches any GPU that has a Vulkan driver. Software drivers it takes only where the environment says
/// `ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER=1`: they are slow, and good for tests.
enum WebGPU {
    private static let name = "WebGpuExecutionProvider"
    private static let remedy = "Run `make extras`, which fetches the plug-in."
    private static let registered = Mutex<Set<ObjectIdentifier>>([])

    /// The plug-in's provider in `runtime`, for the first GPU there is.
    ///
    /// - Throws: `.processorUnavailable` where the plug-in is missing or damaged, or finds no GPU.
    static func provider(
        in runtime: OnnxRuntime, plugin: String = ExtraFile.webgpu
    ) throws(RecognitionError) -> WebGPUProvider {
        try ExtraFile.require(plugin, for: .webgpu, remedy: remedy)
        let api = try runtime.providerAPI()
        try registered.withLock { (registered) throws(RecognitionError) in
            guard !registered.contains(ObjectIdentifier(runtime)) else { return }
            try runtime.check(
                .processorUnavailable, "load the plug-in", in: plugin, remedy: remedy,
                api.pointee.RegisterExecutionProviderLibrary(runtime.environment, "heed-webgpu", plugin))
            registered.insert(ObjectIdentifier(runtime))
        }
        var devices: UnsafePointer<OpaquePointer?>?
        var count = 0
        try runtime.check(
            .processorUnavailable, "list devices", in: plugin, remedy: remedy,
            api.pointee.GetEpDevices(runtime.environment, &devices, &count))
        let found = UnsafeBufferPointer(start: devices, count: count).compactMap(\.self)
            .filter { api.pointee.EpDevice_EpName($0).map { String(cString: $0) } == name }
        func isSoftware(_ device: OpaquePointer) -> Bool {
            api.pointee.HardwareDevice_Type(api.pointee.EpDevice_Device(device)) == UInt32(ort_hardware_cpu)
        }
        guard let device = found.first(where: { !isSoftware($0) }) ?? found.first else {
            throw .unavailable(
                .webgpu, "this machine has no GPU that the kernel lists",
                remedy: "For tests `make test-driver` brings a software Vulkan driver; set "
                    + "VK_DRIVER_FILES=\(DataFolder.libraries)/vulkan-driver/icd.json and "
                    + "ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER=1.")
        }
        let hardware = api.pointee.EpDevice_Device(device)
        let maker = api.pointee.HardwareDevice_Vendor(hardware).map { String(cString: $0) } ?? ""
        return WebGPUProvider(
            name: name, device: device, words: isSoftware(device) ? "a software Vulkan driver" : "a GPU by \(maker)",
            runtime: runtime, api: api)
    }
}

/// The WebGPU plug-in for one device.
struct WebGPUProvider: ExecutionProvider {
    let name: String
    let remedy = "See that the GPU's Vulkan driver and libvulkan1 are installed, or choose another processor."
    /// The plug-in's handle of the device; it belongs to ONNX Runtime.
    let device: OpaquePointer
    /// The device in words.
    let words: String
    let runtime: OnnxRuntime
    let api: UnsafePointer<ort_provider_api>

    func append(to settings: OpaquePointer) throws(RecognitionError) {
        var devices: [OpaquePointer?] = [device]  // The plug-in takes exactly one.
        try runtime.check(
            .processorUnavailable, "use \(words)", in: name, remedy: remedy,
            api.pointee.SessionOptionsAppendExecutionProvider_V2(
                settings, runtime.environment, &devices, devices.count, nil, nil, 0))
    }
}
