#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// Compares a text, byte for byte, with a file that stands beside the test.
///
/// With the environment variable `ANNEAL_REWRITE_SNAPSHOTS` set to 1 the file is written instead,
/// and the comparison still fails where there was something to write, so that a rewriting run is
/// never mistaken for a passing one. Read the difference before committing it.
public enum Snapshot {
  /// Compares a text with a snapshot.
  ///
  /// - Parameters:
  ///   - text: The text that was produced.
  ///   - name: The file's name in the folder `Snapshots` beside the test's source file.
  ///   - testFile: The test's source file.
  /// - Returns: Nil when the bytes agree, else what is different and where.
  public static func difference(
    _ text: String, from name: String, testFile: String = #filePath
  ) -> String? {
    let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
      .appendingPathComponent("Snapshots")
    let file = folder.appendingPathComponent(name)
    let stored = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
    if stored.map({ Array($0.utf8) == Array(text.utf8) }) == true { return nil }
    if ProcessInfo.processInfo.environment["ANNEAL_REWRITE_SNAPSHOTS"] == "1" {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return "\(name) was rewritten"
      } catch {
        return "\(name) could not be rewritten: \(error)"
      }
    }
    guard let stored else {
      return "\(name) is missing; ANNEAL_REWRITE_SNAPSHOTS=1 writes it"
    }
    return "\(name), " + firstDifference(text, stored)
  }

  private static func firstDifference(_ text: String, _ stored: String) -> String {
    let (new, old) = (lines(text), lines(stored))
    let common = zip(new, old).prefix { $0 == $1 }.count
    let expected = common < old.count ? old[common] : "the end"
    let found = common < new.count ? new[common] : "the end"
    return "line \(common + 1): expected \(expected), found \(found)"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
