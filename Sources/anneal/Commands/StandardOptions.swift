import Networks

/// Options that mean the same in every command that has them.
enum StandardOptions {
  static let threads = Option.optional(
    "threads", "T", .count(1...256), "threads to use (default: one for each processor)")
  static let json = Option.flag("json", "print one JSON value instead")
}

extension ValueKind where Value == NetworkCatalog.Entry {
  /// The name of a network of the catalogue.
  static var network: ValueKind { choice(NetworkCatalog.entries) { $0.name } }
}
