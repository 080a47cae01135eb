#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// Where the data sets that come with the package are looked for.
///
/// In this order, so that a choice made later in time wins over one made earlier:
/// 1. the folder named by the environment variable `ANNEAL_DATA`;
/// 2. the folder of downloads: `$XDG_DATA_HOME/anneal`, else `~/.local/share/anneal`;
/// 3. beside the running program: `data` and `share/anneal/data` in its folder and in every folder
///    above, which finds an installed `bin/anneal` and a `.build/release/anneal` alike;
/// 4. the folder `data` of the package that this source was compiled from.
///
/// None of them depends on the working directory. A data set elsewhere is named by its path.
public struct DatasetLocation: Hashable, Sendable {
  /// The environment variable that names a folder with data sets.
  public static let variable = "ANNEAL_DATA"

  /// The folders searched, in order; a data set lies in a sub-folder of its name.
  public let folders: [String]
  /// Where downloads go: the first of the folders that is the user's own; nil where neither
  /// `ANNEAL_DATA` nor a home is known.
  public let downloads: String?

  /// Collects the folders to search.
  ///
  /// - Parameters:
  ///   - variable: The value of `ANNEAL_DATA`; nil or empty leaves it out.
  ///   - downloads: The folder of downloads; nil or empty leaves it out.
  ///   - executable: The path of the running program; nil leaves it out.
  ///   - source: A source file of the package, two folders below the package's own.
  public init(
    variable: String?, downloads: String? = nil, executable: String?, source: String?
  ) {
    var folders: [String] = []
    func add(_ folder: String) {
      if !folders.contains(folder) { folders.append(folder) }
    }
    if let variable, !variable.isEmpty { add(variable) }
    if let downloads, !downloads.isEmpty { add(downloads) }
    self.downloads = folders.first
    if let executable {
      for folder in Self.parents(of: executable) {
        add(folder == "/" ? "/share/anneal/data" : "\(folder)/share/anneal/data")
        add(folder == "/" ? "/data" : "\(folder)/data")
      }
    }
    if let source {
      // Sources/Datasets/DatasetLocation.swift: the package is the third folder above.
      let parents = Self.parents(of: source)
      if parents.count > 2 { add("\(parents[2])/data") }
    }
    self.folders = folders
  }

  /// Collects the folders to search for the running program.
  public init() {
    let environment = ProcessInfo.processInfo.environment
    let shared =
      environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.local/share" }
    self.init(
      variable: environment[Self.variable], downloads: shared.map { "\($0)/anneal" },
      executable: Self.executable, source: #filePath)
  }

  /// The folder of a data set.
  ///
  /// - Throws: `DatasetError.notFound` with every folder that was searched.
  public func folder(of name: String) throws(DatasetError) -> String {
    let candidates = folders.map { "\($0)/\(name)" }
    for candidate in candidates
    where DataFormat.recognize(DataFiles(folder: candidate)) != nil {
      return candidate
    }
    throw .notFound(name: name, searched: candidates)
  }

  /// The path of the running program with links followed, so that a link in `/usr/bin` is no hurdle.
  private static var executable: String? {
    let manager = FileManager.default
    if let path = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      return path
    }
    let argument = ProcessInfo.processInfo.arguments.first ?? ""
    guard argument.contains("/") else { return nil }
    let path = argument.hasPrefix("/") ? argument : "\(manager.currentDirectoryPath)/\(argument)"
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// The folders above an absolute path, nearest first, up to the root.
  private static func parents(of path: String) -> [String] {
    var parts = path.split(separator: "/")
    var folders: [String] = []
    while !parts.isEmpty {
      parts.removeLast()
      folders.append("/" + parts.joined(separator: "/"))
    }
    return folders
  }
}
