import Foundation

/// A folder of a test's own, removed when the test is done with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "anneal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file of bytes and gives its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// The IDX files of a tiny data set that can be learnt: the brightness of 4×4 pixels tells the class.
  ///
  /// - Returns: The data set's folder.
  func makeDataset(trainingCount: Int = 128, testCount: Int = 32) throws -> String {
    let folder = "\(path)/data"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (prefix, count) in [("train", trainingCount), ("t10k", testCount)] {
      var generator = SplitMix(state: UInt64(count))
      let labels = (0..<count).map { UInt8($0 % 10) }
      let pixels = labels.flatMap { label in
        (0..<16).map { _ in 20 * label + UInt8.random(in: 0..<16, using: &generator) }
      }
      try write(
        [0, 0, 8, 3] + bigEndian(count) + bigEndian(4) + bigEndian(4) + pixels,
        "data/\(prefix)-images-idx3-ubyte")
      try write([0, 0, 8, 1] + bigEndian(count) + labels, "data/\(prefix)-labels-idx1-ubyte")
    }
    return folder
  }

  private func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
