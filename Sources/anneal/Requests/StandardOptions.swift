import Networks

/// Options that mean the same in every command that has them.
enum StandardOptions {
  static let threads = Option.optional(
    "threads", "T", .count(1...256), "threads to use (default: one for each processor)")
  static let json = Option.flag("json", "print one JSON value instead")
  /// A figure beside what is printed.
  static let figure = Option.optional(
    "output", "FILE", .figure, "also a picture (.svg), or a page to explore (.html)"
  ).short("o")
}

extension ValueKind where Value == NetworkCatalog.Entry {
  /// The name of a network of the catalogue.
  static var network: ValueKind { choice(NetworkCatalog.entries) { $0.name } }
}
