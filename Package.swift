// swift-tools-version: 6.2
import PackageDescription

// Messages are allocated by librdkafka's threads and freed by ours, which glibc's allocator makes costly (docs/PERFORMANCE.md).
// Sanitizers bring an allocator of their own.
let allocator: [LinkerSetting] =
  Context.environment["PARTNERPULSE_SYSTEM_MALLOC"] == nil ? [.linkedLibrary("jemalloc")] : []

let package = Package(
  name: "partner-pulse",
  products: [
    .executable(name: "partner-pulse", targets: ["partner-pulse"]),
    .library(name: "PartnerPulseClient", targets: ["PartnerPulseClient"]),
  ],
  targets: [
    .systemLibrary(
      name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(
      name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(
      name: "CJose", pkgConfig: "cjose", providers: [.apt(["libcjose-dev", "libjansson-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CGetopt"),
    .systemLibrary(name: "CPrefetch"),
    .systemLibrary(name: "CThreadName"),

    .target(name: "Platform", dependencies: ["CThreadName"]),
    .target(name: "Contract"),
    .target(name: "Randomness"),
    .target(name: "Indicators", dependencies: ["Contract", "CXXHash", "CPrefetch"]),
    .target(name: "EventLog", dependencies: ["Contract"]),
    .target(name: "KafkaLog", dependencies: ["Platform", "Contract", "EventLog", "CRdKafka", "CPrefetch"]),
    .target(name: "SQLiteLog", dependencies: ["Platform", "Contract", "EventLog", "CSQLite"]),
    .target(name: "Topology", dependencies: ["Platform", "Contract", "Indicators", "EventLog", "CXXHash"]),
    .target(
      name: "FactStore",
      dependencies: ["Contract", "Indicators", "EventLog", "SQLiteLog", "Topology"]),
    .target(
      name: "SchemaRegistry", dependencies: ["Contract", "EventLog", "HTTPClient", "Topology"],
      resources: [.embedInCode("snapshots.proto")]),
    .target(name: "SnapshotView", dependencies: ["Contract", "EventLog"]),
    .target(
      name: "PartnerPulseClient",
      dependencies: ["Platform", "Contract", "EventLog", "KafkaLog", "SQLiteLog", "SnapshotView"]),
    .executableTarget(
      name: "follow-snapshots", dependencies: ["PartnerPulseClient"], path: "clients/swift",
      exclude: ["README.md"]),
    .target(
      name: "ResultExport", dependencies: ["Platform", "Contract", "EventLog", "SQLiteLog", "SnapshotView"]),
    .target(name: "HTTPServer", dependencies: ["Platform", "CMicroHTTPD"]),
    .target(name: "HTTPClient", dependencies: ["CCurl"]),
    .target(
      name: "Metrics",
      dependencies: ["Platform", "Contract", "EventLog", "Topology", "SnapshotView", "HTTPServer"]),
    .target(name: "Compression", dependencies: ["CZlib"]),
    .target(
      name: "Dashboard",
      dependencies: [
        "Platform",
        "Contract", "Indicators", "EventLog", "Topology", "SnapshotView", "HTTPServer", "HTTPClient",
        "Metrics", "Compression",
        "CJose",
        "CXXHash",
      ],
      resources: [
        .embedInCode("Page/Assets/page.css"), .embedInCode("Page/Assets/keys.js"),
        .embedInCode("Page/Assets/live.js"),
        .embedInCode("Page/Assets/page.js"),
        .embedInCode("Page/Assets/icon.svg"),
      ]),
    .target(name: "EventImport", dependencies: ["Platform", "Contract", "EventLog", "Compression"]),
    .target(name: "Generator", dependencies: ["Contract", "Indicators", "Randomness"]),
    .executableTarget(
      name: "partner-pulse",
      dependencies: [
        "Platform",
        "Contract", "Indicators", "EventLog", "KafkaLog", "SQLiteLog", "Topology", "SnapshotView",
        "EventImport", "FactStore", "Generator", "HTTPServer", "HTTPClient", "Metrics", "Dashboard",
        "SchemaRegistry", "ResultExport", "CGetopt",
      ], linkerSettings: allocator),

    .executableTarget(
      name: "micro-benchmarks", dependencies: ["Contract", "Indicators"], path: "Benchmarks/Micro",
      linkerSettings: allocator),

    .target(
      name: "ReferenceModel", dependencies: ["Contract", "Randomness"], path: "Tests/Support/ReferenceModel"),
    .target(
      name: "SimulatedLog", dependencies: ["Contract", "EventLog", "Randomness"],
      path: "Tests/Support/SimulatedLog"),
    .target(
      name: "Simulator",
      dependencies: [
        "Contract", "Indicators", "EventLog", "Topology", "SimulatedLog", "ReferenceModel", "Randomness",
      ],
      path: "Tests/Support/Simulator"),
    .executableTarget(name: "simulate", dependencies: ["Simulator"], path: "Tests/Support/Simulate"),

    .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
    .testTarget(name: "ContractTests", dependencies: ["Contract"]),
    .testTarget(
      name: "IndicatorsTests", dependencies: ["Contract", "Indicators", "ReferenceModel", "Randomness"]),
    .testTarget(name: "EventLogTests", dependencies: ["Contract", "EventLog"]),
    .testTarget(name: "EventImportTests", dependencies: ["Contract", "Compression", "EventImport"]),
    .testTarget(
      name: "SQLiteLogTests", dependencies: ["Contract", "EventLog", "SQLiteLog", "Randomness"]),
    .systemLibrary(
      name: "CRdKafkaMock", path: "Tests/Support/CRdKafkaMock", pkgConfig: "rdkafka",
      providers: [.apt(["librdkafka-dev"])]),
    .testTarget(
      name: "KafkaLogTests",
      dependencies: [
        "Platform", "Contract", "EventLog", "KafkaLog", "Randomness", "CRdKafka", "CRdKafkaMock",
      ]),
    .testTarget(
      name: "TopologyTests",
      dependencies: [
        "Platform", "Contract", "EventLog", "Topology", "SQLiteLog", "Indicators", "Randomness",
      ]),
    .testTarget(
      name: "FactStoreTests",
      dependencies: [
        "Contract", "EventLog", "FactStore", "Indicators", "SQLiteLog", "Topology", "ReferenceModel",
        "Randomness",
      ]),
    .testTarget(
      name: "SimulatedLogTests", dependencies: ["Contract", "EventLog", "SimulatedLog"]),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Contract", "ReferenceModel", "SimulatedLog", "Simulator", "Topology"]),
    .testTarget(
      name: "SnapshotViewTests",
      dependencies: ["Contract", "EventLog", "SnapshotView", "SQLiteLog", "Randomness"]),
    .testTarget(
      name: "PartnerPulseClientTests",
      dependencies: ["Contract", "EventLog", "PartnerPulseClient", "SQLiteLog", "SnapshotView"]),
    .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"]),
    .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "HTTPServer"]),
    .testTarget(
      name: "MetricsTests", dependencies: ["Contract", "EventLog", "Metrics", "SQLiteLog"]),
    .testTarget(name: "CompressionTests", dependencies: ["Compression", "CZlib", "Randomness"]),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Platform", "Contract", "Indicators", "Dashboard", "EventLog", "Metrics", "SnapshotView", "SQLiteLog",
        "HTTPServer", "HTTPClient", "Topology", "CJose", "Randomness",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["partner-pulse", "Contract", "EventLog", "SQLiteLog", "Randomness"]),
  ]
)

// The fuzz targets: under libFuzzer, which brings their `main` (scripts/fuzz), or as a program that replays inputs.
let isFuzzing = Context.environment["PARTNERPULSE_FUZZING"] != nil
package.targets.append(
  .executableTarget(
    name: isFuzzing ? "fuzz" : "replay-inputs",
    dependencies: [
      "Contract", "Indicators", "EventLog", "EventImport", "Topology", "SnapshotView", "HTTPServer",
      "Metrics", "Dashboard", "CJose", "Randomness", "ReferenceModel", "Simulator",
    ], path: "Fuzzing/Sources", exclude: [isFuzzing ? "Replay" : "LibFuzzer"]))

// Faults that only a sanitizer may see (scripts/sanitize).
if Context.environment["PARTNERPULSE_SANITIZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "planted-faults", dependencies: ["HTTPServer", "KafkaLog"], path: "Tests/Support/PlantedFaults"))
}

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}

// Tests spend their time in the modules that they test, so they are compiled in half the time without being optimized.
for target in package.targets where target.type == .test {
  target.swiftSettings?.append(.unsafeFlags(["-Onone"]))
}
