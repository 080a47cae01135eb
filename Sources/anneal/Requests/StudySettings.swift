import Datasets
import Studies

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The settings of a study, as `recipes/STUDY.json` of the data folder records them.
enum StudySettings {
  /// Reads a study's settings.
  ///
  /// - Parameters:
  ///   - type: The study's type.
  ///   - study: The study.
  ///   - location: The data folders to look in.
  /// - Returns: The settings.
  /// - Throws: `CommandError` for a file that is in none of them, or is no such settings.
  static func read<Settings: Decodable>(
    _ type: Settings.Type, of study: Study, location: DatasetLocation = DatasetLocation()
  ) throws(CommandError) -> Settings {
    let paths = location.folders.map { "\($0)/recipes/\(study.rawValue).json" }
    for path in paths {
      guard let data = try? Data(contentsOf: URL(filePath: path)) else { continue }
      do {
        return try JSONDecoder().decode(type, from: data)
      } catch {
        throw .failure(.badData, "expected the settings of \(study.rawValue) in \(path): \(error)")
      }
    }
    throw .failure(
      .missingInput,
      "expected the settings of \(study.rawValue) in one of these files, found none: "
        + paths.joined(separator: " "))
  }
}
