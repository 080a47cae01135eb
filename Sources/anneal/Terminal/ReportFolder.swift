/// The folder that a study's report, figures and runs are written to.
struct ReportFolder: Sendable {
  /// The folder.
  let path: String
  /// The folder of the runs in it.
  var runs: String { path + "/runs" }

  private static let name = "anneal-report"

  /// Makes the folder before the work begins, so that nothing is computed that cannot be kept.
  ///
  /// - Parameter path: The folder, which holds no report yet; a new one beside earlier ones if `nil`.
  /// - Throws: `CommandError` when it cannot be made, or already holds a report.
  init(_ path: String?) throws(CommandError) {
    if let path {
      guard !ResultFile.exists("\(path)/runs"), !ResultFile.exists("\(path)/report.html") else {
        throw .failure(.cannotWrite, "expected a folder without a report in \(path), found one")
      }
      self.path = path
    } else {
      let names = [Self.name] + (2...1000).map { "\(Self.name)-\($0)" }
      self.path = names.first { !ResultFile.exists($0) } ?? Self.name
    }
    try ResultFile.makeFolder(runs)
  }

  /// Writes a file of the report and remembers its name.
  func write(_ text: String, _ name: String, _ names: inout [String]) throws(CommandError) {
    try ResultFile.write(text, to: "\(path)/\(name)")
    names.append(name)
  }
}
