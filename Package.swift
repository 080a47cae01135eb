// swift-tools-version: 6.2
import PackageDescription

/// Settings that every Swift target shares.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Targets without pointers of their own also check memory safety strictly.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// One instruction-set variant of the kernels: the same sources, compiled with its own features, once
/// for each type of activations.
///
/// The variants stay optimised in debug builds, so that tests run on the code that users run; as a
/// whole module, since small functions are in files of their own and must be inlined.
func kernelVariant(
  _ name: String, define: String, features: [String], storages: [String]
) -> [Target] {
  storages.map { storage in
    .target(
      name: name + storage,
      dependencies: ["CKernels"],
      path: "Sources/\(name)\(storage)",
      swiftSettings: strict + (storage.isEmpty ? [] : [.define("KERNELS_\(storage.uppercased())")])
        + [
          .define(define),
          .unsafeFlags(
            [
              "-Ounchecked", "-disable-batch-mode", "-whole-module-optimization", "-num-threads",
              "1",
            ]
              + features.flatMap { ["-Xcc", $0] }),
        ]
    )
  }
}

#if arch(x86_64)
let variants: [Target] = [
  kernelVariant(
    "KernelsBaseline", define: "KERNELS_BASELINE", features: [],
    storages: ["", "BFloat16", "Float16"]),
  kernelVariant(
    "KernelsAVX2", define: "KERNELS_AVX2", features: ["-mavx2", "-mfma", "-mf16c"],
    storages: ["", "BFloat16", "Float16"]),
  kernelVariant(
    "KernelsAVX512", define: "KERNELS_AVX512",
    features: ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mfma"],
    storages: ["", "BFloat16"]),
].flatMap { $0 }
#else
let variants = kernelVariant(
  "KernelsBaseline", define: "KERNELS_BASELINE", features: [],
  storages: ["", "BFloat16", "Float16"])
#endif

func library(
  _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting]
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "Anneal",
  products: [
    .executable(name: "anneal", targets: ["anneal"]),
    .library(name: "Schedules", targets: ["Schedules"]),
    .library(name: "Plotting", targets: ["Plotting"]),
    .library(name: "Training", targets: ["Training", "CPUBackend", "Studies"]),
    // Everything that a notebook's cell may import, in one file that is loaded once.
    .library(
      name: "AnnealNotebook", type: .dynamic,
      targets: [
        "NotebookKit", "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets",
        "CPUBackend", "Kernels", "Tensors",
      ]),
  ],
  targets: variants + [
    // Layer 0
    library("Schedules", [], safe),
    library("Tensors", [], safe),
    library("Plotting", [], safe),
    .target(name: "CKernels"),
    .target(name: "CCUDA"),
    // Layer 1
    library("Networks", ["Tensors"], safe),
    library("Datasets", ["Tensors"], safe),
    library(
      "Kernels", ["Tensors", "CKernels"] + variants.map { .target(name: $0.name) }, strict),
    // Layer 2
    library("CPUBackend", ["Networks", "Kernels", "Tensors"], safe),
    .target(
      name: "CUDABackend", dependencies: ["Networks", "CCUDA", "Tensors"],
      resources: [.embedInCode("Kernels"), .embedInCode("DeviceProperties")], swiftSettings: safe),
    library("Training", ["Schedules", "Networks", "Datasets", "Tensors"], safe),
    .target(
      name: "BackendCases", dependencies: ["Networks", "Tensors"],
      // References with a loop an operation are too slow unoptimised.
      swiftSettings: safe + [.unsafeFlags(["-O"])]),
    // Layer 3
    library("Studies", ["Training", "Plotting", "Schedules", "Networks", "Datasets"], safe),
    // Layer 4
    .target(name: "CNotebook"),
    library(
      "NotebookKit",
      [
        "CNotebook", "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets",
        "CPUBackend", "Kernels",
      ], safe),
    .executableTarget(
      name: "anneal",
      dependencies: [
        "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets", "CPUBackend",
        "CUDABackend", "BackendCases", "Kernels",
      ],
      swiftSettings: safe),

    .plugin(
      name: "DocumentationPlugin",
      capability: .command(
        intent: .custom(verb: "document", description: "Build the DocC archives with docc.")),
      path: "Sources/DocumentationPlugin"),

    .target(
      name: "TestSupport", dependencies: ["BackendCases", "Networks", "Tensors"],
      path: "Tests/TestSupport", swiftSettings: strict),
    // The CUDA kernels on the processor, in tests only.
    .target(
      name: "CUDAEmulation", path: "Tests/CUDAEmulation",
      cxxSettings: [
        .headerSearchPath("../../Sources/CUDABackend/Kernels"), .unsafeFlags(["-O2"]),
      ]),
    tests("SchedulesTests", ["Schedules"], exclude: ["Golden"]),
    tests("TensorsTests", ["Tensors"]),
    tests("KernelsTests", ["Kernels", "Tensors"]),
    tests("NetworksTests", ["Networks", "Tensors"]),
    tests(
      "BackendTests",
      [
        "CPUBackend", "CUDABackend", "CUDAEmulation", "Training", "Datasets", "Schedules",
        "Networks", "Kernels", "Tensors",
      ]),
    tests(
      "CUDABackendTests", ["CUDABackend", "CCUDA", "Networks", "Tensors"], exclude: ["Fixtures"]),
    tests("DatasetsTests", ["Datasets", "Tensors"]),
    tests(
      "TrainingTests",
      ["Training", "CPUBackend", "Kernels", "Schedules", "Networks", "Datasets", "Tensors"]),
    tests("PlottingTests", ["Plotting"], exclude: ["Snapshots"]),
    tests(
      "StudiesTests",
      ["Studies", "Training", "Plotting", "Schedules", "Datasets", "CPUBackend", "Kernels"],
      exclude: ["Snapshots"]),
    tests(
      "AnnealTests",
      [
        "anneal", "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets", "Kernels",
        "CUDABackend",
      ],
      exclude: ["Snapshots"]),
    tests(
      "NotebookKitTests",
      [
        "NotebookKit", "CNotebook", "Studies", "Training", "Plotting", "Schedules", "Networks",
        "Datasets",
      ]),
    tests("HouseRulesTests", []),

    // Writes the figures that the tests in a browser open.
    .executableTarget(
      name: "FigureSamples", dependencies: ["Plotting"], path: "Tests/Browser/FigureSamples",
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
