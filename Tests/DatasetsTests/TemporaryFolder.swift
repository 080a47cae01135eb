import Foundation

/// A folder of a test's own, removed when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("anneal-datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// The bytes of an IDX file: the magic number, the sizes, the elements.
func idx(_ magic: UInt32, _ sizes: [UInt32], _ elements: [UInt8]) -> [UInt8] {
  ([magic] + sizes).flatMap { value in
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  } + elements
}

/// Writes a whole data set of `count` training and 2 test images of 2×3 pixels.
func writeDataset(in folder: TemporaryFolder, count: Int = 3) throws {
  let pixels = (0..<count * 6).map { UInt8(truncatingIfNeeded: $0 * 7) }
  try folder.write(idx(0x803, [UInt32(count), 2, 3], pixels), "train-images-idx3-ubyte")
  try folder.write(
    idx(0x801, [UInt32(count)], (0..<count).map { UInt8($0 % 10) }), "train-labels-idx1-ubyte")
  try folder.write(idx(0x803, [2, 2, 3], Array(0..<12)), "t10k-images-idx3-ubyte")
  try folder.write(idx(0x801, [2], [9, 0]), "t10k-labels-idx1-ubyte")
}

/// The package's own folder.
let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
