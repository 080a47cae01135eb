import Foundation
import Testing

@testable import Datasets

/// The subset in `data/fashion-mnist`.
@Suite struct FashionMNISTTests {
  private static let folder = "\(packageFolder)/data/fashion-mnist"

  @Test func isBalanced() throws {
    let data = try Dataset.load("fashion-mnist")
    for (split, count) in [(data.training, 1_000), (data.test, 200)] {
      for label in 0..<10 {
        #expect(split.labels.count(where: { $0 == label }) == count)
      }
    }
    #expect(data.training.classNames[9] == "Ankle boot")
    #expect(data.training.labels.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    // From Python: the mean and population deviation of all bytes / 255.
    #expect(abs(data.training.normalization.mean[0] - 0.2866816471588635) < 1e-15)
    #expect(abs(data.training.normalization.deviation[0] - 0.35401257266008673) < 1e-15)
  }

  @Test func filesHaveTheirChecksums() throws {
    let sums = try String(contentsOfFile: "\(Self.folder)/SHA256SUMS", encoding: .utf8)
    let readme = try String(contentsOfFile: "\(packageFolder)/data/README.md", encoding: .utf8)
    let lines = sums.split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines {
      let (sum, name) = (String(line.prefix(64)), String(line.dropFirst(66)))
      #expect(readme.contains(sum), "README.md lists another sum for \(name)")
      let bytes = try FileContents.bytes(of: "\(Self.folder)/\(name)")
      #expect(SHA256.hexadecimal(of: bytes) == sum, "\(name) is damaged")
    }
  }
}
