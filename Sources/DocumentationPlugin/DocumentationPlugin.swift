import Foundation
import PackagePlugin

/// `swift package document [TARGET…]`: builds the DocC archives with the toolchain's own `docc`.
///
/// Every target with a `.docc` folder is built unless targets are named; a warning is an error, so
/// that a link to a renamed symbol does not stay. The archives end up in the plugin's work folder,
/// whose path is printed.
@main
struct DocumentationPlugin: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    let docc = try context.tool(named: "docc").url
    let documented = context.package.targets.compactMap { $0 as? SwiftSourceModuleTarget }
      .filter { FileManager.default.fileExists(atPath: catalog(of: $0).path) }
    let unknown = arguments.filter { name in !documented.contains { $0.name == name } }
    guard unknown.isEmpty else {
      throw DocumentationError.noCatalog(
        targets: unknown, documented: documented.map(\.name).sorted())
    }
    for target in documented where arguments.isEmpty || arguments.contains(target.name) {
      let symbols = try packageManager.getSymbolGraph(
        for: target, options: .init(minimumAccessLevel: .public, includeSPI: false))
      let archive = context.pluginWorkDirectoryURL.appending(path: "\(target.name).doccarchive")
      let process = Process()
      process.executableURL = docc
      process.arguments = [
        "convert", catalog(of: target).path, "--warnings-as-errors",
        "--fallback-display-name", target.name, "--fallback-bundle-identifier",
        "anneal.\(target.name)", "--additional-symbol-graph-dir", symbols.directoryURL.path,
        "--output-path", archive.path,
      ]
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw DocumentationError.failed(target: target.name, status: process.terminationStatus)
      }
      print("\(target.name): \(archive.path)")
    }
  }

  private func catalog(of target: SwiftSourceModuleTarget) -> URL {
    target.directoryURL.appending(path: "\(target.name).docc")
  }
}

/// Why the documentation was not built.
enum DocumentationError: Error, CustomStringConvertible {
  case noCatalog(targets: [String], documented: [String])
  case failed(target: String, status: Int32)

  var description: String {
    switch self {
    case .noCatalog(let targets, let documented):
      "expected targets with a .docc folder (\(documented.joined(separator: ", "))), "
        + "found \(targets.joined(separator: ", "))"
    case .failed(let target, let status): "docc failed on \(target) with status \(status)"
    }
  }
}
