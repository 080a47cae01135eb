import Networks

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// What a process tells the others when the training cannot go on.
enum EndMessage {
  static func bytes(_ error: CollectiveError) -> [UInt8] {
    // Every case is made of whole and finite numbers and of text, which JSON has.
    (try? JSONEncoder().encode(error)).map { [UInt8]($0) } ?? []
  }

  static func error(_ bytes: [UInt8]) -> CollectiveError? {
    try? JSONDecoder().decode(CollectiveError.self, from: Data(bytes))
  }
}
