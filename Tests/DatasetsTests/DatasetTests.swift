import Foundation
import Testing

@testable import Datasets

@Suite struct DatasetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try writeDataset(in: folder)
  }

  private func error(_ text: String? = nil) -> String {
    do throws(DatasetError) {
      _ = try Dataset.load(text ?? folder.path)
      return "no error"
    } catch {
      return error.description.replacingOccurrences(of: folder.path, with: "F")
    }
  }

  @Test func loadsAFolder() throws {
    let data = try Dataset.load(folder.path)
    #expect(data.name == folder.path)
    #expect(data.training.count == 3)
    #expect(data.training.split == .training)
    #expect(data.training.labels == [0, 1, 2])
    #expect(data.training.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    #expect((data.test.channels, data.test.height, data.test.width) == (1, 2, 3))
    #expect(data.test.pixels == Array(0..<12))
    #expect(data.test.labels == [9, 0])
    #expect(data.test.split == .test)
  }

  @Test func normalisesBothSplitsLikeTheTrainingSplit() throws {
    let data = try Dataset.load(folder.path)
    let pixels = data.training.pixels.map { Double($0) / 255 }
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let variance = pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)
    #expect(abs(data.training.normalization.mean[0] - mean) < 1e-14)
    #expect(abs(data.training.normalization.deviation[0] - variance.squareRoot()) < 1e-14)
    #expect(data.test.normalization == data.training.normalization)
  }

  @Test func takesClassNamesFromTheFolder() throws {
    try folder.write(Array("cat\ndog\n\nbird\r\nx\ny\nz\nu\nv\nw\nq\n".utf8), "classes.txt")
    let names = try Dataset.load(folder.path).training.classNames
    #expect(names == ["cat", "dog", "bird", "x", "y", "z", "u", "v", "w", "q"])
    try folder.write(Array("cat\ndog\n".utf8), "classes.txt")
    #expect(
      error() == "expected labels from 0 to 1 in F/train-labels-idx1-ubyte, found 2 at position 2")
    try folder.write(Array("cat\ncat".utf8), "classes.txt")
    #expect(
      error()
        == "expected 1 to 256 different class names, one a line, in F/classes.txt, found a name twice"
    )
    try folder.write([], "classes.txt")
    #expect(
      error() == "expected 1 to 256 different class names, one a line, in F/classes.txt, found 0")
    try folder.write([0xFF, 0xFE], "classes.txt")
    #expect(
      error()
        == "expected 1 to 256 different class names, one a line, in F/classes.txt, "
        + "found bytes that are not UTF-8")
  }

  @Test func saysWhatIsWrong() throws {
    #expect(
      error("mnits")
        == "expected fashion-mnist, cifar10, cifar100, fashion-mnist-full, mnist, synthetic "
        + "or the path of a folder or archive, found 'mnits'")
    try folder.write(idx(0x801, [2], [1, 2]), "train-labels-idx1-ubyte")
    #expect(
      error()
        == "expected a label for each of the 3 images of F/train-images-idx3-ubyte, "
        + "found 2 in F/train-labels-idx1-ubyte")
    try writeDataset(in: folder)
    try folder.write(idx(0x803, [2, 3, 2], Array(0..<12)), "t10k-images-idx3-ubyte")
    #expect(
      error()
        == "expected images of 2×3 pixels as for training in F/t10k-images-idx3-ubyte, found 3×2")
    try folder.write([], "t10k-images-idx3-ubyte")
    #expect(error() == "expected an IDX file in F/t10k-images-idx3-ubyte, found 0 bytes")
    try FileManager.default.removeItem(atPath: "\(folder.path)/t10k-images-idx3-ubyte")
    #expect(
      error() == "expected t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz in F, found neither")
  }

  @Test func sortsErrorsForExitCodes() {
    #expect(DatasetError.unknown(name: "", known: []).kind == .usage)
    #expect(DatasetError.missingFile(name: "", folder: "").kind == .missing)
    #expect(DatasetError.notFound(name: "", searched: []).kind == .missing)
    #expect(DatasetError.empty(path: "").kind == .malformed)
    #expect(DatasetError.zlibMissing(path: "", searched: []).kind == .unreadable)
  }

  @Test func makesSyntheticData() throws {
    let data = try Dataset.load("synthetic")
    #expect(data.training.count == 2_048)
    #expect(data.test.count == 512)
    #expect(data.training.pixels.prefix(64) != data.test.pixels.prefix(64))
    let small = Dataset.synthetic(
      channels: 2, height: 3, width: 5, classCount: 4, trainingCount: 9, testCount: 2, seed: 1)
    let again = Dataset.synthetic(
      channels: 2, height: 3, width: 5, classCount: 4, trainingCount: 9, testCount: 2, seed: 1)
    let other = Dataset.synthetic(
      channels: 2, height: 3, width: 5, classCount: 4, trainingCount: 9, testCount: 2, seed: 2)
    #expect(small.training.labels == [0, 1, 2, 3, 0, 1, 2, 3, 0])
    #expect(small.training.pixels.count == 270)
    #expect(small.training.pixels == again.training.pixels)
    #expect(small.training.pixels != other.training.pixels)
    #expect(small.training.normalization.mean.count == 2)
  }

  /// The catalogue's figures are those of the data.
  @Test(arguments: DatasetCatalog.entries.filter(\.comesWithPackage))
  func catalogueTellsTheTruth(entry: DatasetCatalog.Entry) throws {
    let data = try Dataset.load(entry.name)
    let training = data.training
    #expect(data.name == entry.name)
    #expect(training.count == entry.trainingCount)
    #expect(data.test.count == entry.testCount)
    #expect(training.classCount == entry.classCount)
    #expect("\(training.channels)×\(training.height)×\(training.width)" == entry.imageShape)
  }
}
