// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, from the ground up: a lower one never imports an upper one (docs/architecture.md).

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["HEED_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "heed",
    products: [
        .executable(name: "heed", targets: ["heed"]),
        .library(name: "Alert", targets: ["Alert"]),
        // For the benchmark (bench/) alone, which measures them from outside; heed is their only other user.
        .library(name: "Dashboard", targets: ["Dashboard"]),
        .library(name: "Traces", targets: ["Traces"]),
        .library(
            name: "HeedKit",
            targets: ["Media", "Captions", "Capture", "Recordings", "Recognition", "Machine", "Sinks", "Pipelines"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // C: Debian's libraries as they are, and the functions of ONNX Runtime and OpenVINO, opened at run time.
        .systemLibrary(
            name: "CFFmpeg",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswresample-dev", "libswscale-dev"])
            ]),
        .systemLibrary(name: "CLibYUV", providers: [.apt(["libyuv-dev"])]),
        .systemLibrary(name: "CLibV4LConvert", providers: [.apt(["libv4l-dev"])]),
        .systemLibrary(name: "CTurboJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CLibCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZLib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CALSA", providers: [.apt(["libasound2-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CMosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .target(name: "COnnxRuntime", exclude: ["check-slots.sh"]),
        .target(name: "COpenVINO", exclude: ["check-functions.sh"]),
        .target(name: "CVideo4Linux"),
        .target(name: "CNVML"),

        .target(name: "Units", swiftSettings: strict),
        .target(name: "Alert", dependencies: ["Units"], swiftSettings: strict),
        .target(name: "Captions", dependencies: ["Units"], swiftSettings: strict),
        .target(name: "Media", dependencies: ["Units", "CLibYUV", "CTurboJPEG"], swiftSettings: strict),
        .target(
            name: "Capture", dependencies: ["Units", "Media", "CVideo4Linux", "CLibV4LConvert", "CALSA"],
            swiftSettings: strict),
        .target(name: "Recordings", dependencies: ["Units", "Media", "CFFmpeg"], swiftSettings: strict),
        .target(
            name: "Recognition",
            dependencies: ["Units", "Media", "COnnxRuntime", "COpenVINO", "CLibCrypto", "CProcess", "CZLib"],
            swiftSettings: strict),
        .target(name: "Machine", dependencies: ["Units", "CNVML", "CProcess"], swiftSettings: strict),
        .target(name: "Plots", swiftSettings: strict),
        .target(name: "Traces", dependencies: ["Units", "Alert", "Plots", "CZLib"], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["Plots"], swiftSettings: strict),
        .target(
            name: "Sinks",
            dependencies: ["CCurl", "CMosquitto", "CZLib", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        .target(
            name: "Pipelines",
            dependencies: [
                "Units", "Alert", "Captions", "Media", "Capture", "Recordings", "Recognition", "Machine", "Sinks",
                "Yams",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "Dashboard",
            dependencies: [
                "Units", "Alert", "Captions", "Media", "Machine", "Pipelines",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Page")],
            swiftSettings: strict),
        .executableTarget(
            name: "heed",
            dependencies: [
                "Units", "Alert", "Captions", "Media", "Capture", "Recordings", "Recognition", "Machine", "Sinks",
                "Traces", "Reports", "Pipelines", "Dashboard",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: strict),
        .testTarget(name: "AlertTests", dependencies: ["Alert", "Units"], swiftSettings: strict),
        .testTarget(name: "CaptionsTests", dependencies: ["Captions", "Units"], swiftSettings: strict),
        .testTarget(
            name: "MediaTests", dependencies: ["Media", "Units", "CTurboJPEG"], swiftSettings: strict),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(
            name: "CaptureTests", dependencies: ["Capture", "Media", "Units", "CAllocationCount"], swiftSettings: strict
        ),
        .testTarget(
            name: "RecordingsTests", dependencies: ["Recordings", "Capture", "Media", "Units", "CFFmpeg"],
            swiftSettings: strict),
        .testTarget(
            name: "RecognitionTests", dependencies: ["Recognition", "Media", "Units", "CProcess"], swiftSettings: strict
        ),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "Units"], swiftSettings: strict),
        .testTarget(
            name: "SinksTests", dependencies: ["Sinks", .product(name: "InMemoryLogging", package: "swift-log")],
            exclude: ["webhook_server.py"], swiftSettings: strict),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: strict),
        .testTarget(name: "TracesTests", dependencies: ["Traces", "Alert", "Units"], swiftSettings: strict),
        .testTarget(
            name: "PipelinesTests",
            dependencies: [
                "Pipelines", "Alert", "Captions", "Capture", "Media", "Recordings", "Recognition", "Machine", "Sinks",
                "Units", .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "Pipelines", "Alert", "Machine", "Media", "Units",
                .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: ["heed", "Alert", "Capture", "Machine", "Media", "Traces"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
