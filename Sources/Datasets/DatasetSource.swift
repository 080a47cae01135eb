/// What `--data` names, found and not yet read.
///
/// It is one of
/// - `synthetic`, random pixels;
/// - a name of ``DatasetCatalog``, which wins over a folder of the same name; `./name` means the
///   folder;
/// - a folder or archive with the four IDX files of MNIST and its successors, plain or `.gz`, with the
///   classes' names in the lines of `classes.txt` where there is one, and otherwise the ten of MNIST,
///   named 0 to 9;
/// - one with the files of CIFAR-10's or CIFAR-100's binary version. The official archives, `.tar.gz`
///   as they are, need not be unpacked;
/// - a folder of JPEG images of any size, `train/CLASS/….jpg` and `val/CLASS/….jpg` (or `test`);
/// - a folder of tar archives of such images in WebDataset's layout, `KEY.jpg` beside `KEY.cls`.
///
/// It can be loaded at several image sizes, for a training that begins with small images:
///
///     let source = try DatasetSource("imagenette")
///     let small = try source.load(imageSize: 96)
///     let large = try source.load(imageSize: 160, normalization: small.training.normalization)
public struct DatasetSource: Sendable {
  private enum Contents: Sendable {
    case synthetic
    case idx(DataFiles)
    case cifar(CIFAR, DataFiles)
    case imageFolder(ImageFolder)
    case shards(ImageShards)
  }

  /// The data set's name, as it was asked for.
  public let name: String
  private let contents: Contents

  /// Finds a data set, and of a folder of images lists the files.
  ///
  /// - Parameters:
  ///   - text: A name, or the path of a folder or archive.
  ///   - location: Where data sets with a name are looked for.
  /// - Throws: What is missing, and where it was looked for.
  public init(
    _ text: String, location: DatasetLocation = DatasetLocation()
  ) throws(DatasetError) {
    name = text
    if text == "synthetic" {
      contents = .synthetic
    } else if DatasetCatalog.entries.contains(where: { $0.name == text }) {
      contents = try Self.contents(DataFiles(folder: location.folder(of: text)))
    } else if FileContents.isFolder(text) {
      contents = try Self.contents(DataFiles(folder: text))
    } else if FileContents.isFile(text) {
      contents = try Self.contents(DataFiles(archive: text))
    } else {
      throw .unknown(name: text, known: DatasetCatalog.entries.map(\.name))
    }
  }

  private static func contents(_ files: DataFiles) throws(DatasetError) -> Contents {
    guard let (format, files) = DataFormat.recognize(files) else {
      throw .unrecognized(path: files.path)
    }
    return switch format {
    case .idx: .idx(files)
    case .cifar10: .cifar(.ten, files)
    case .cifar100: .cifar(.hundred, files)
    case .imageFolder: .imageFolder(try ImageFolder(files.path))
    case .shards: .shards(try ImageShards(files.path))
    }
  }

  /// Whether the images have a size of their own, and none has to be asked for.
  public var hasOwnSize: Bool {
    switch contents {
    case .synthetic, .idx, .cifar: true
    case .imageFolder, .shards: false
    }
  }

  /// Reads the images.
  ///
  /// - Parameters:
  ///   - imageSize: Pixels on a side that the images' middle squares are resized to, ≥ 1; nil leaves
  ///     them as they are.
  ///   - normalization: What pixels are normalised with; nil measures the training images. A network
  ///     that sees one data set at several sizes is best given one normalisation, since smaller
  ///     images deviate less.
  ///   - skipsBadImages: Whether damaged images are left out, and noted in `skippedImages`; otherwise
  ///     they are an error.
  /// - Returns: The data set, whole in memory.
  /// - Throws: What is missing or malformed, and where.
  public func load(
    imageSize: Int? = nil, normalization: Normalization? = nil, skipsBadImages: Bool = false
  ) throws(DatasetError) -> Dataset {
    precondition(imageSize.map { $0 >= 1 } ?? true, "an image has at least one pixel")
    let dataset: Dataset
    switch contents {
    case .imageFolder(let folder):
      return try folder.load(
        decoding(imageSize), name: name, normalization: normalization,
        skipsBadImages: skipsBadImages)
    case .shards(let shards):
      return try shards.load(
        decoding(imageSize), name: name, normalization: normalization,
        skipsBadImages: skipsBadImages)
    case .synthetic:
      dataset = .synthetic(height: imageSize ?? 32, width: imageSize ?? 32)
    case .idx(let files):
      dataset = try IDX.load(files, name: name)
    case .cifar(let cifar, let files):
      dataset = try cifar.load(files, name: name)
    }
    return dataset.resized(to: imageSize, normalization: normalization)
  }

  private func decoding(_ imageSize: Int?) throws(DatasetError) -> ImageDecoding {
    guard let imageSize else { throw .imageSizeMissing(path: name) }
    return try ImageDecoding(side: imageSize, path: name)
  }
}

extension Dataset {
  /// The data set with its images' middle squares at another size and with another normalisation.
  fileprivate func resized(to side: Int?, normalization: Normalization?) -> Dataset {
    let training = training.resized(to: side, normalization: normalization)
    return Dataset(
      training: training, test: test.resized(to: side, normalization: training.normalization))
  }
}

extension ImageDataset {
  /// The images' middle squares at another size.
  ///
  /// - Parameters:
  ///   - side: Pixels on a side, ≥ 1; nil leaves the images as they are.
  ///   - normalization: nil measures the images.
  /// - Returns: The images at that size.
  fileprivate func resized(to side: Int?, normalization: Normalization?) -> ImageDataset {
    var (width, height, pixels) = (width, height, pixels)
    if let side, width != side || height != side {
      let resampling = ImageResampling(width: width, height: height, side: side)
      var resized = [UInt8](repeating: 0, count: count * channels * side * side)
      var target = resized.mutableSpan
      var scratch: [UInt8] = []
      for plane in 0..<count * channels {
        resampling.resize(
          pixels.span, start: plane * width * height, pixelStride: 1, rowStride: width,
          scratch: &scratch, into: &target, at: plane * side * side)
      }
      (width, height, pixels) = (side, side, resized)
    } else if normalization == nil || normalization == self.normalization {
      return self
    }
    return ImageDataset(
      name: name, split: split, channels: channels, height: height, width: width, pixels: pixels,
      labels: labels, classNames: classNames, normalization: normalization)
  }
}
