import Foundation
import Testing

@testable import Datasets

/// A record: label bytes, then planes of one value each.
private func record(_ labels: [UInt8], red: UInt8, green: UInt8, blue: UInt8) -> [UInt8] {
  labels + [red, green, blue].flatMap { [UInt8](repeating: $0, count: 1_024) }
}

/// Writes CIFAR-10's files with two images each; image i of the training split has the label i.
private func writeCIFAR10(in folder: TemporaryFolder, _ prefix: String = "") throws {
  for file in 0..<5 {
    let first = UInt8(2 * file)
    try folder.write(
      record([first], red: 10 * first, green: 0, blue: 255)
        + record([first + 1], red: 10 * first + 10, green: 0, blue: 255),
      "\(prefix)data_batch_\(file + 1).bin")
  }
  try folder.write(
    record([9], red: 1, green: 2, blue: 3) + record([0], red: 4, green: 5, blue: 6),
    "\(prefix)test_batch.bin")
}

@Suite struct CIFARTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func error(_ path: String? = nil) -> String {
    do throws(DatasetError) {
      _ = try Dataset.load(path ?? folder.path)
      return "no error"
    } catch {
      return error.description.replacingOccurrences(of: folder.path, with: "F")
    }
  }

  @Test func readsCIFAR10() throws {
    try writeCIFAR10(in: folder)
    let data = try Dataset.load(folder.path)
    let training = data.training
    #expect(data.name == folder.path)
    #expect((training.channels, training.height, training.width) == (3, 32, 32))
    #expect(training.labels == Array(0..<10))
    #expect(training.pixels[3_072 * 3] == 30)
    #expect(training.pixels[3_072 * 3 + 1_023] == 30)
    #expect(training.pixels[3_072 * 3 + 1_024] == 0)
    #expect(training.pixels[3_072 * 3 + 2_048] == 255)
    #expect(data.test.labels == [9, 0])
    #expect(data.test.pixels.first == 1 && data.test.pixels.last == 6)
    #expect(training.classNames == (0..<10).map(String.init))
    // The reds are 0, 10, …, 90; the others do not vary.
    #expect(abs(training.normalization.mean[0] - 45.0 / 255) < 1e-12)
    #expect(abs(training.normalization.deviation[0] - 825.0.squareRoot() / 255) < 1e-12)
    #expect(Array(training.normalization.deviation[1...]) == [1, 1])
    #expect(data.test.normalization == training.normalization)
  }

  @Test func readsCIFAR100ByTheFineLabel() throws {
    try folder.write(
      record([3, 99], red: 1, green: 2, blue: 3) + record([19, 0], red: 4, green: 5, blue: 6),
      "train.bin")
    try folder.write(record([0, 50], red: 7, green: 8, blue: 9), "test.bin")
    let names = (0..<100).map { "class\($0)" }
    try folder.write(Array(names.joined(separator: "\n").utf8), "fine_label_names.txt")
    let data = try Dataset.load(folder.path)
    #expect(data.training.labels == [99, 0])
    #expect(data.test.labels == [50])
    #expect(data.training.pixels.first == 1 && data.test.pixels.last == 9)
    #expect(data.test.classNames == names)
  }

  @Test func looksIntoTheFolderOfTheArchive() throws {
    try writeCIFAR10(in: folder, "cifar-10-batches-bin/")
    try folder.write(
      Array("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n".utf8), "cifar-10-batches-bin/batches.meta.txt")
    let data = try Dataset.load(folder.path)
    #expect(data.training.count == 10)
    #expect(data.training.classNames.last == "j")
  }

  @Test func findsItByName() throws {
    try writeCIFAR10(in: folder, "cifar10/")
    let location = DatasetLocation(variable: folder.path, executable: nil, source: nil)
    #expect(try Dataset.load("cifar10", location: location).name == "cifar10")
    do throws(DatasetError) {
      _ = try Dataset.load("cifar100", location: location)
      Issue.record("found data that is not there")
    } catch {
      #expect(error.kind == .missing)
      #expect(error.description.contains("\(folder.path)/cifar100"))
    }
  }

  @Test func saysWhatIsWrong() throws {
    #expect(
      error()
        == "expected files of MNIST (train-images-idx3-ubyte …), CIFAR-10 (data_batch_1.bin …), "
        + "CIFAR-100 (train.bin …), folders of images (train/CLASS/….jpg) or shards "
        + "(train-….tar) in F, found none of them")
    try writeCIFAR10(in: folder)
    let good = record([1], red: 0, green: 0, blue: 0) + record([2], red: 0, green: 0, blue: 0)
    try folder.write(Array(good.dropLast()), "data_batch_3.bin")
    #expect(
      error()
        == "expected images of 3073 bytes each (30730000 for the usual 10000) in "
        + "F/data_batch_3.bin, found 6145 bytes")
    try folder.write([], "data_batch_3.bin")
    #expect(error().hasSuffix("in F/data_batch_3.bin, found 0 bytes"))
    try folder.write(Array(good.prefix(3_073)), "data_batch_3.bin")
    #expect(
      error() == "expected 2 images in F/data_batch_3.bin as in F/data_batch_1.bin, found 1")
    try folder.write(
      good.prefix(3_073) + record([10], red: 0, green: 0, blue: 0), "data_batch_3.bin")
    #expect(error() == "expected labels from 0 to 9 in F/data_batch_3.bin, found 10 at position 1")
    try writeCIFAR10(in: folder)
    try folder.write(Array("cat\n".utf8), "batches.meta.txt")
    #expect(
      error() == "expected 10 different class names, one a line, in F/batches.meta.txt, found 1")
    try FileManager.default.removeItem(atPath: "\(folder.path)/batches.meta.txt")
    try FileManager.default.removeItem(atPath: "\(folder.path)/test_batch.bin")
    #expect(error() == "expected test_batch.bin or test_batch.bin.gz in F, found neither")
  }

  @Test func readsAnArchiveAsItIs() throws {
    try writeCIFAR10(in: folder)
    let files = ["test_batch.bin"] + CIFAR.ten.trainingFiles
    var archive: [UInt8] = []
    for file in files {
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(file)")))
      archive += tarMember("cifar-10-batches-bin/\(file)", bytes)
    }
    let path = try folder.write(archive + [UInt8](repeating: 0, count: 1_024), "c.tar")
    let data = try Dataset.load(path)
    let unpacked = try Dataset.load(folder.path)
    #expect(data.training.labels == unpacked.training.labels)
    #expect(data.training.pixels == unpacked.training.pixels)
    #expect(data.test.pixels == unpacked.test.pixels)
    try folder.write(Array(archive.dropLast(2_000)), "c.tar")
    #expect(
      error(path).hasPrefix(
        "expected a tar archive in F/c.tar, found 4656 of the 6146 bytes of "
          + "cifar-10-batches-bin/data_batch_5.bin"))
    try folder.write(tarMember("x/data_batch_1.bin", [1, 2]), "c.tar")
    #expect(error(path).hasSuffix("in F/c.tar:x/data_batch_1.bin, found 2 bytes"))
  }
}
