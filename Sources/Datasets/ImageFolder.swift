#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// A folder of JPEG images: `train/CLASS/….jpg` and `val/CLASS/….jpg`, or `test` for `val`.
///
/// The layout of torchvision's `ImageFolder`: the classes are the folders' names in the order of their
/// bytes, and the images of a class those of its folder and the folders in it, in the same order.
/// What begins with a point and what is no image by its name is left out.
struct ImageFolder: Sendable {
  /// The names that the folder of the test images may have, in order of preference.
  static let testNames = ["val", "test"]

  /// An image's file and class.
  private struct File {
    let path: String
    let label: Int
  }

  /// The images of a split, and where it is.
  private struct Split {
    let path: String
    let files: [File]
  }

  private let classNames: [String]
  private let training: Split
  private let test: Split

  /// Whether there is a folder of one of the splits.
  static func isPresent(in folder: String) -> Bool {
    (["train"] + testNames).contains { FileContents.isFolder("\(folder)/\($0)") }
  }

  /// Lists a folder.
  ///
  /// - Throws: What is missing, or in which classes the splits differ.
  init(_ path: String) throws(DatasetError) {
    let training = "\(path)/train"
    guard FileContents.isFolder(training) else {
      throw .missingSplit(folder: path, expected: ["train"])
    }
    guard
      let test = Self.testNames.map({ "\(path)/\($0)" }).first(where: FileContents.isFolder)
    else { throw .missingSplit(folder: path, expected: Self.testNames) }
    classNames = try Self.classes(training)
    let testClasses = try Self.classes(test)
    if let error = DatasetError.difference(
      of: (classNames, training), and: (testClasses, test))
    {
      throw error
    }
    self.training = Split(path: training, files: try Self.files(training, classNames))
    self.test = Split(path: test, files: try Self.files(test, classNames))
  }

  /// Decodes both splits.
  ///
  /// - Parameters:
  ///   - decoding: At which size.
  ///   - name: The name the data set gets.
  ///   - normalization: nil measures the training images.
  ///   - skipsBadImages: Whether images that are damaged are left out.
  /// - Returns: The data set.
  /// - Throws: What is wrong with the first image that cannot be used.
  func load(
    _ decoding: ImageDecoding, name: String, normalization: Normalization?, skipsBadImages: Bool
  ) throws(DatasetError) -> Dataset {
    var skipped: [DatasetError] = []
    func split(
      _ split: ImageDataset.Split, _ images: Split, _ normalization: Normalization?
    ) throws(DatasetError) -> ImageDataset {
      let files = images.files
      let result = try decoding.decode(count: files.count, skipsBadImages: skipsBadImages) {
        index throws(DatasetError) in
        (try FileContents.plainBytes(of: files[index].path), files[index].path)
      }
      skipped += result.failures.sorted { $0.key < $1.key }.map(\.value)
      guard result.failures.count < files.count else { throw .noImages(path: images.path) }
      return ImageDataset(
        name: name, split: split, channels: ImageDecoding.channels, height: decoding.side,
        width: decoding.side, pixels: result.pixels,
        labels: files.indices.filter { result.failures[$0] == nil }.map { files[$0].label },
        classNames: classNames, normalization: normalization)
    }
    let training = try split(.training, training, normalization)
    let test = try split(.test, test, training.normalization)
    return Dataset(training: training, test: test, skippedImages: skipped)
  }

  /// The folders of a split.
  private static func classes(_ folder: String) throws(DatasetError) -> [String] {
    let names = try FileContents.names(in: folder).filter {
      FileContents.isFolder("\(folder)/\($0)")
    }
    guard !names.isEmpty else { throw .noClasses(path: folder) }
    return names
  }

  private static func files(
    _ folder: String, _ classNames: [String]
  ) throws(DatasetError) -> [File] {
    var files: [File] = []
    for (label, name) in classNames.enumerated() {
      let before = files.count
      try append("\(folder)/\(name)", label: label, to: &files)
      guard files.count > before else { throw .noImages(path: "\(folder)/\(name)") }
    }
    return files
  }

  private static func append(
    _ folder: String, label: Int, to files: inout [File]
  ) throws(DatasetError) {
    for name in try FileContents.names(in: folder) {
      let path = "\(folder)/\(name)"
      if FileContents.isFolder(path) {
        try append(path, label: label, to: &files)
      } else if isImage(name) {
        files.append(File(path: path, label: label))
      }
    }
  }

  /// Whether a name has one of the endings that torchvision takes for images.
  ///
  /// What is no JPEG image is found when it is decoded; leaving it out here would train on fewer
  /// images and say nothing.
  static func isImage(_ name: String) -> Bool {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return ["jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp"].contains(ending)
  }
}
