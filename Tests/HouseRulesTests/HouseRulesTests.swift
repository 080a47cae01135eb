import Foundation
import Testing

/// Rules of the house that a compiler does not check: who imports whom, how long a file may be,
/// what never stands in a source.
@Suite struct HouseRulesTests {
  /// The package's folder, found from this file.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What each target imports; arrows only point downwards.
  ///
  /// `Studies` and `anneal` list the modules whose members they use: with member import visibility a
  /// module that is used only through another one is imported all the same.
  static let allowedImports: [String: Set<String>] = [
    "Schedules": mathematics,
    "Tensors": mathematics,
    "Plotting": mathematics,
    "CKernels": [],
    "KernelVariants": ["CKernels"],
    "Kernels": [
      "Tensors", "CKernels", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512",
      "KernelsBaselineBFloat16", "KernelsAVX2BFloat16", "KernelsAVX512BFloat16",
      "KernelsBaselineFloat16", "KernelsAVX2Float16", "Synchronization",
    ],
    "Networks": ["Tensors", "Synchronization"],
    "Datasets": mathematics.union(foundation).union(["Tensors", "Synchronization", "Dispatch"]),
    "CPUBackend": mathematics.union(["Networks", "Kernels", "Tensors"]),
    "CUDABackend": mathematics.union(foundation).union([
      "Networks", "CCUDA", "Tensors", "Synchronization", "Dispatch",
    ]),
    "BackendCases": mathematics.union(["Networks", "Tensors"]),
    "Training": mathematics.union(foundation).union([
      "Schedules", "Networks", "Datasets", "Tensors",
    ]),
    "Studies": mathematics.union(foundation).union([
      "Training", "Plotting", "Schedules", "Networks", "Datasets",
    ]),
    "CNotebook": [],
    "NotebookKit": mathematics.union([
      "CNotebook", "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets",
      "CPUBackend", "Kernels", "Synchronization",
    ]),
    "DocumentationPlugin": foundation.union(["PackagePlugin"]),
    "anneal": mathematics.union(foundation).union([
      "Studies", "Training", "Plotting", "Schedules", "Networks", "Datasets", "CPUBackend",
      "CUDABackend", "BackendCases", "Kernels",
    ]),
  ]

  /// The C library, for its mathematics and its files.
  static let mathematics: Set = ["Glibc", "Musl", "Darwin"]
  static let foundation: Set = ["Foundation", "FoundationEssentials"]

  /// What only `anneal/Backends` may name, where a backend is chosen.
  static let backends: Set = ["CPUBackend", "CUDABackend"]

  struct Source {
    let target: String
    let path: String
    let lines: [Substring]
  }

  /// Every Swift file of a folder, once: the kernel variants' linked folders are left out.
  static func sources(_ folder: String) throws -> [Source] {
    let base = root.appendingPathComponent(folder)
    let files = try #require(FileManager.default.enumerator(atPath: base.path))
    return try files.compactMap { $0 as? String }.sorted().filter { $0.hasSuffix(".swift") }
      .filter { path in
        let first = path.split(separator: "/").first.map(String.init) ?? ""
        return !["KernelsBaseline", "KernelsAVX2", "KernelsAVX512"].contains {
          [$0, $0 + "BFloat16", $0 + "Float16"].contains(first)
        }
      }
      .map { path in
        let text = try String(
          contentsOf: base.appendingPathComponent(path), encoding: .utf8)
        return Source(
          target: path.split(separator: "/").first.map(String.init) ?? "",
          path: "\(folder)/\(path)",
          lines: text.split(separator: "\n", omittingEmptySubsequences: false))
      }
  }

  /// The module that a line imports, if it is an import.
  static func importedModule(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let position = words.firstIndex(of: "import"),
      words[..<position].allSatisfy({
        $0.hasPrefix("@")
          || ["public", "package", "internal", "private", "fileprivate"].contains($0)
      }), position + 1 < words.count
    else { return nil }
    return String(words[position + 1])
  }

  @Test func importsFollowTheLayers() throws {
    let sources = try Self.sources("Sources")
    #expect(sources.count > 50, "the sources were not found")
    for source in sources {
      let allowed = try #require(
        Self.allowedImports[source.target], "\(source.target) has no row of imports")
      for module in source.lines.compactMap(Self.importedModule) {
        #expect(allowed.contains(module), "\(source.path) imports \(module)")
        if source.target == "anneal" && Self.backends.contains(module) {
          #expect(
            source.path.hasPrefix("Sources/anneal/Backends/"), "\(source.path) names a backend")
        }
      }
    }
  }

  @Test func filesAreShortOrSayWhyNot() throws {
    for source in try Self.sources("Sources") {
      #expect(source.lines.count <= 401, "\(source.path) has \(source.lines.count) lines")
    }
  }

  @Test func filesAreNamedByConcept() throws {
    for source in try Self.sources("Sources") {
      let name = source.path.split(separator: "/").last.map { $0.lowercased() } ?? ""
      for role in ["util", "helper", "misc", "common", "manager", "types", "placeholder"] {
        #expect(!name.contains(role), "\(source.path) is named by its role")
      }
    }
  }

  @Test func nothingTrapsOrPostpones() throws {
    let never = [
      "try" + "!", "as" + "! ", "fatal" + "Error(", "TO" + "DO", "FIX" + "ME", "X" + "XX",
    ]
    for source in try Self.sources("Sources") {
      for (number, line) in source.lines.enumerated() {
        for word in never {
          #expect(!line.contains(word), "\(source.path):\(number + 1) contains \(word)")
        }
      }
    }
  }

  @Test func packageHasNoDependency() throws {
    let manifest = try String(
      contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    #expect(!manifest.contains(".package" + "("))
    #expect(manifest.hasPrefix("// swift-tools-version: 6.2"))
  }
}
