import Foundation
import Testing

@testable import Datasets

@Suite struct ImageFolderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ paths: String...) throws {
    for path in paths { try folder.write(SampleJPEG.quarters, path) }
  }

  private func error(imageSize: Int? = 4) -> String {
    do throws(DatasetError) {
      _ = try Dataset.load(folder.path, imageSize: imageSize)
      return "no error"
    } catch {
      return error.description.replacing(folder.path, with: "F")
    }
  }

  @Test func saysWhatIsMissing() throws {
    #expect(
      error() == "expected files of MNIST (train-images-idx3-ubyte …), CIFAR-10 "
        + "(data_batch_1.bin …), CIFAR-100 (train.bin …), folders of images "
        + "(train/CLASS/….jpg) or shards (train-….tar) in F, found none of them")
    try write("val/a/1.jpg")
    #expect(
      error() == "expected a folder train with a folder for each class in F, found none")
    try write("train/1.jpg")
    #expect(error() == "expected a folder for each class in F/train, found none")
    try write("train/a/notes.txt")
    #expect(error() == "expected a JPEG image in F/train/a, found none")
    try FileManager.default.removeItem(atPath: "\(folder.path)/val")
    #expect(
      error() == "expected a folder val or test with a folder for each class in F, found none")
    try write("train/a/1.jpg", "val/a/1.jpg")
    #expect(
      error(imageSize: nil) == "expected an image size (--image-size 128, for example) for the "
        + "images of F, which come in any size, found none")
  }

  @Test func namesClassesThatDiffer() throws {
    try write("train/cat/1.jpg", "train/dog/1.jpg", "val/cat/1.jpg", "val/fox/1.jpg")
    #expect(
      error() == "expected the same classes in F/train and F/val, found dog only in F/train "
        + "and fox only in F/val")
    try FileManager.default.removeItem(atPath: "\(folder.path)/val/fox")
    #expect(
      error() == "expected the same classes in F/train and F/val, found dog only in F/train")
    try write("val/dog/1.jpg")
    for name in "abcdefg" { try write("val/\(name)/1.jpg") }
    #expect(
      error() == "expected the same classes in F/train and F/val, found a, b, c, d, e and 2 more "
        + "only in F/val")
  }
}

@Suite(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
struct ImageFolderOfImagesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(SampleJPEG.quarters, "train/b/2.jpg")
    try folder.write(SampleJPEG.grey, "train/b/10.JPEG")
    try folder.write(SampleJPEG.inks, "train/B/deeper/1.jpg")
    try folder.write([1], "train/B/.hidden.jpg")
    try folder.write([1], "train/B/notes.txt")
    try folder.write([1], "train/.cache/1.jpg")
    try folder.write(SampleJPEG.wide, "val/b/1.jpg")
    try folder.write(SampleJPEG.wide, "val/B/1.jpg")
  }

  private func load(_ size: Int = 8, skipping: Bool = false) throws -> Dataset {
    try Dataset.load(folder.path, imageSize: size, skipsBadImages: skipping)
  }

  @Test func readsClassesInOrder() throws {
    let data = try load()
    #expect(data.name == folder.path && data.skippedImages.isEmpty)
    #expect(data.training.classNames == ["B", "b"] && data.test.classNames == ["B", "b"])
    #expect(data.training.labels == [0, 1, 1] && data.test.labels == [0, 1])
    #expect(data.training.channels == 3 && data.training.width == 8 && data.test.height == 8)
    #expect(data.test.normalization == data.training.normalization)
    let decoding = try ImageDecoding(side: 8, path: "")
    let expected = [SampleJPEG.inks, SampleJPEG.grey, SampleJPEG.quarters]
    let result = try decoding.decode(count: 3, skipsBadImages: false) { (expected[$0], "") }
    #expect(data.training.pixels == result.pixels)
  }

  @Test func prefersVal() throws {
    for name in ["B", "b", "c"] { try folder.write(SampleJPEG.grey, "test/\(name)/1.jpg") }
    #expect(try load().test.count == 2)
    try FileManager.default.removeItem(atPath: "\(folder.path)/val")
    try folder.write(SampleJPEG.grey, "train/c/1.jpg")
    #expect(try load().test.count == 3)
  }

  @Test func namesAndSkipsBadImages() throws {
    let bad = try folder.write(Array(SampleJPEG.wide.prefix(350)), "train/B/a.jpg")
    let other = try folder.write([], "val/b/0.png")
    do throws(DatasetError) {
      _ = try Dataset.load(folder.path, imageSize: 8)
      Issue.record("a truncated image was read")
    } catch {
      #expect(error.kind == .malformed)
      #expect(error.description.hasPrefix("expected a JPEG image in \(bad), found it damaged ("))
    }
    let data = try load(skipping: true)
    #expect(data.skippedImages.count == 2)
    #expect(data.skippedImages.last == .image(path: other, reason: "0 bytes"))
    #expect(data.training.labels == [0, 1, 1] && data.test.labels == [0, 1])
    try FileManager.default.removeItem(atPath: bad)
    try FileManager.default.removeItem(atPath: other)
    #expect(try load().fingerprint == data.fingerprint)
  }

  @Test func needsOneGoodImage() throws {
    for name in ["val/b/1.jpg", "val/B/1.jpg"] { try folder.write([1], name) }
    #expect(throws: DatasetError.noImages(path: "\(folder.path)/val")) {
      try load(skipping: true)
    }
  }

  /// What `--resume` asks for.
  @Test func fingerprintTellsFoldersApart() throws {
    let before = try load().fingerprint
    #expect(try load().fingerprint == before)
    #expect(try load(9).fingerprint != before)
    try folder.write(SampleJPEG.quarters, "train/b/10.JPEG")
    let exchanged = try load().fingerprint
    #expect(exchanged != before)
    try folder.write(SampleJPEG.grey, "train/b/10.JPEG")
    #expect(try load().fingerprint == before)
    try folder.write(SampleJPEG.grey, "val/b/2.jpg")
    #expect(try load().fingerprint != before)
  }
}
