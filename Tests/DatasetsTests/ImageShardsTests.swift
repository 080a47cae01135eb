import Foundation
import Testing

@testable import Datasets

@Suite(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
struct ImageShardsTests {
  private let folder: TemporaryFolder
  private let end = [UInt8](repeating: 0, count: 1_024)

  init() throws {
    folder = try TemporaryFolder()
  }

  private func sample(_ key: String, _ label: String, _ image: [UInt8]) -> [UInt8] {
    tarMember("\(key).jpg", image) + tarMember("\(key).cls", Array(label.utf8))
  }

  /// Two classes, of which the first shard holds one image and the second two.
  private func write() throws {
    try folder.write(sample("b", "1\n", SampleJPEG.grey) + end, "train-000000.tar")
    try folder.write(
      tarMember("d/a.json", [1]) + sample("d/a", "0", SampleJPEG.inks)
        + sample("d/c.x", "1", SampleJPEG.wide) + end, "train-000001.tar")
    try folder.write(
      sample("1", "1", SampleJPEG.wide) + sample("0", "0", SampleJPEG.wide) + end,
      "validation.tar")
  }

  private func error() -> String {
    do throws(DatasetError) {
      _ = try Dataset.load(folder.path, imageSize: 4)
      return "no error"
    } catch {
      return error.description.replacing(folder.path, with: "F")
    }
  }

  @Test func readsShardsInOrder() throws {
    try write()
    let source = try DatasetSource(folder.path)
    #expect(!source.hasOwnSize)
    let data = try source.load(imageSize: 6)
    #expect(data.training.classNames == ["0", "1"])
    #expect(data.training.labels == [1, 0, 1] && data.test.labels == [1, 0])
    #expect(data.test.normalization == data.training.normalization)
    let images = [SampleJPEG.grey, SampleJPEG.inks, SampleJPEG.wide]
    let decoding = try ImageDecoding(side: 6, path: "")
    #expect(
      try data.training.pixels
        == decoding.decode(count: 3, skipsBadImages: false) { (images[$0], "") }.pixels)
  }

  @Test func readsFoldersOfShardsAndClassNames() throws {
    try write()
    let flat = try Dataset.load(folder.path, imageSize: 4)
    let manager = FileManager.default
    for (name, place) in [
      ("train-000000.tar", "train/0.tar"), ("train-000001.tar", "train/1.tar"),
      ("validation.tar", "test/a.tgz"),
    ] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
      // An ending that promises compression is not held against a plain archive's contents.
      try folder.write([UInt8](bytes), place)
      try manager.removeItem(atPath: "\(folder.path)/\(name)")
    }
    try folder.write(Array("cat\ndog\nfox\n".utf8), "classes.txt")
    let data = try Dataset.load(folder.path, imageSize: 4)
    #expect(data.training.classNames == ["cat", "dog", "fox"])
    #expect(data.training.pixels == flat.training.pixels && data.test.labels == flat.test.labels)
  }

  @Test func skipsBadImages() throws {
    try write()
    try folder.write(
      sample("x", "0", [1, 2]) + sample("y", "1", SampleJPEG.grey) + end, "train-2.tar")
    #expect(error() == "expected a JPEG image in F/train-2.tar:x.jpg, found other bytes")
    let data = try Dataset.load(folder.path, imageSize: 4, skipsBadImages: true)
    #expect(data.skippedImages.count == 1 && data.training.labels == [1, 0, 1, 1])
    try folder.write(sample("x", "0", [1, 2]) + end, "validation.tar")
    #expect(throws: DatasetError.noImages(path: "\(folder.path)/validation.tar")) {
      try Dataset.load(folder.path, imageSize: 4, skipsBadImages: true)
    }
  }

  @Test func saysWhatIsWrong() throws {
    try folder.write(sample("0", "0", SampleJPEG.grey) + end, "my-val.tar")
    #expect(
      error() == "expected tar archives with train in their names, or in a folder of that name, "
        + "in F, found none")
    try folder.write([1, 2, 3], "my-train.tar")
    #expect(error() == "expected a tar archive in F/my-train.tar, found other bytes")
    let expected = "expected k.jpg and its class, a number, in k.cls in F/my-train.tar, found "
    for (bytes, reason) in [
      (tarMember("k.jpg", SampleJPEG.grey), "no class"), (tarMember("k.cls", [48]), "no image"),
      (tarMember("k.jpg", [1]) + tarMember("k.png", [1]), "two images"),
      (tarMember("k.cls", [48]) + tarMember("k.cls", [48]), "two classes"),
      (sample("k", "cat", SampleJPEG.grey), "the class 'cat'"),
      (sample("k", "-1", SampleJPEG.grey), "the class '-1'"),
      (sample("k", "99999999999999999999999", SampleJPEG.grey), "the class '99999999999999999999'"),
      (sample("k", "", SampleJPEG.grey), "the class ''"),
    ] {
      try folder.write(bytes + end, "my-train.tar")
      #expect(error() == expected + reason)
    }
    try folder.write(
      sample("0", "0", SampleJPEG.grey) + sample("2", "2", SampleJPEG.grey) + end, "my-train.tar")
    #expect(
      error() == "expected the same classes in the training shards of F and the others, "
        + "found 2 only in the training shards of F")
    try folder.write(Array("a\nb\n".utf8), "classes.txt")
    #expect(
      error() == "expected 2.jpg and its class, a number, in 2.cls in F/my-train.tar, "
        + "found the class '2'")
  }
}
