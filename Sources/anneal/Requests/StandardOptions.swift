import Networks
import Plotting

/// Options that mean the same in every command that has them.
enum StandardOptions {
  static let threads = Option.optional(
    "threads", "T", .count(1...256), "threads to use (default: one for each processor)")
  static let json = Option.flag("json", "print one JSON value instead")
  static let svg = Option.optional("svg", "FILE", .file, "write the picture to FILE too")

  /// Writes a figure to where `--svg` says, if it was typed.
  static func writeSVG(
    _ figure: @autoclosure () -> Figure, _ arguments: Arguments, _ console: Console
  ) throws(CommandError) {
    guard let path = try arguments(svg) else { return }
    try ResultFile.write(figure().svg(id: "figure"), to: path)
    console.report("wrote \(path)")
  }
}

extension ValueKind where Value == NetworkCatalog.Entry {
  /// The name of a network of the catalogue.
  static var network: ValueKind { choice(NetworkCatalog.entries) { $0.name } }
}
