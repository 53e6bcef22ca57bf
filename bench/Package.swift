// swift-tools-version: 6.2
import PackageDescription

// heed's side of the measurements; `bench/run` builds it, runs it beside its peers and writes down what came out.

let package = Package(
    name: "heed-bench",
    dependencies: [
        .package(name: "heed", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "CAllocationCount"),
        .target(name: "CRunClock"),
        .executableTarget(
            name: "heed-bench",
            dependencies: [
                "CAllocationCount", "CRunClock",
                .product(name: "Alert", package: "heed"),
                .product(name: "Dashboard", package: "heed"),
                .product(name: "HeedKit", package: "heed"),
                .product(name: "Traces", package: "heed"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
