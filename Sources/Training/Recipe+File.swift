import Datasets
import Schedules

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

extension Recipe {
  /// Reads a recipe from a file of JSON.
  ///
  /// - Parameter path: The file.
  /// - Throws: `TrainingError` when the file cannot be read, is no recipe, or asks for the
  ///   impossible.
  public init(path: String) throws(TrainingError) {
    try self.init(bytes: InputFile.bytes(path), path: path)
  }

  /// Reads a recipe's JSON; `path` is for messages.
  init(bytes: [UInt8], path: String) throws(TrainingError) {
    do {
      self = try JSONDecoder().decode(Recipe.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .malformedRecipe(path: path, reason: Self.reason(error))
    } catch {
      throw .malformedRecipe(path: path, reason: "\(error)")
    }
    try validate()
  }

  /// The recipe as indented JSON with its members in alphabetical order.
  public func json() throws(TrainingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      // Only a number that is not finite cannot be encoded, and only a plan has such numbers.
      throw .recipe(field: "plan", expected: "finite numbers", found: "\(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func at(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : " at \(path.map(\.stringValue).joined(separator: "."))"
    }
    return switch error {
    case .keyNotFound(let key, let context): "no \(key.stringValue)\(at(context.codingPath))"
    case .valueNotFound(_, let context): "null\(at(context.codingPath))"
    case .typeMismatch(let type, let context):
      "no \(type == [String: Any].self ? "object" : "\(type)")\(at(context.codingPath))"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "text that is not JSON"
    case .dataCorrupted(let context): context.debugDescription + at(context.codingPath)
    @unknown default: "\(error)"
    }
  }
}
