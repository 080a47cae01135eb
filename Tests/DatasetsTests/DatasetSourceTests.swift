import Testing

@testable import Datasets

@Suite struct DatasetSourceTests {
  @Test func keepsImagesOfOneSizeAsTheyAre() throws {
    let folder = try TemporaryFolder()
    try writeDataset(in: folder)
    let source = try DatasetSource(folder.path)
    #expect(source.hasOwnSize && source.name == folder.path)
    let data = try source.load()
    #expect(data.training.height == 2 && data.training.width == 3)
    #expect(data.training.pixels == (0..<18).map { UInt8($0 * 7) })
  }

  @Test func resizesImagesOfOneSize() throws {
    let folder = try TemporaryFolder()
    try writeDataset(in: folder)
    let source = try DatasetSource(folder.path)
    let data = try source.load(imageSize: 1)
    // The middle square, from half of the first column to half of the last: a mean of weights 1, 2, 1.
    #expect(data.training.height == 1 && data.training.width == 1)
    #expect(data.training.pixels == [18, 60, 102])
    #expect(
      data.training.normalization == Normalization(measuring: [18, 60, 102], channels: 1, area: 1))
    #expect(data.test.normalization == data.training.normalization)
    let normalization = Normalization(mean: [0.5], deviation: [0.25])
    let other = try source.load(imageSize: 4, normalization: normalization)
    #expect(other.test.normalization == normalization && other.test.pixels.count == 32)
    #expect(other.training.labels == data.training.labels)
    let same = try source.load(normalization: normalization)
    #expect(same.training.normalization == normalization && same.training.width == 3)
  }

  @Test func makesSyntheticImagesOfAnySize() throws {
    #expect(try DatasetSource("synthetic").load(imageSize: 16).training.imageSize == 768)
    #expect(try DatasetSource("synthetic").load().training.imageSize == 3_072)
  }

  @Test(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
  func decodesOneFolderAtSeveralSizes() throws {
    let folder = try TemporaryFolder()
    for name in ["train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/b/1.jpg"] {
      try folder.write(name.hasSuffix("a/1.jpg") ? SampleJPEG.wide : SampleJPEG.inks, name)
    }
    let source = try DatasetSource(folder.path)
    #expect(!source.hasOwnSize)
    let small = try source.load(imageSize: 6)
    let large = try source.load(imageSize: 24, normalization: small.training.normalization)
    #expect(small.training.width == 6 && large.training.width == 24)
    #expect(large.training.normalization == small.training.normalization)
    #expect(large.training.labels == small.training.labels)
  }
}
