import Foundation

/// Values that other libraries computed, stored beside the tests.
enum GoldenFile {
  /// Reads one of the JSON files in `Golden`; numbers that are not finite are spelled `"NaN"`
  /// and `"Infinity"` there.
  static func read<Contents: Decodable>(_ name: String, as type: Contents.Type) throws -> Contents {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden").appendingPathComponent(name)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(Contents.self, from: Data(contentsOf: file))
  }
}
