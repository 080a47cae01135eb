/// A data set: images to learn from and images to be judged on.
///
///     let data = try Dataset.load("fashion-mnist")
public struct Dataset: Sendable {
  /// The images to learn from.
  public let training: ImageDataset
  /// The images to be judged on; of the same size and classes.
  public let test: ImageDataset

  /// Makes a data set of its two splits.
  ///
  /// - Precondition: The splits agree in image size and classes.
  public init(training: ImageDataset, test: ImageDataset) {
    precondition(
      training.channels == test.channels && training.height == test.height
        && training.width == test.width && training.classNames == test.classNames,
      "the splits of a data set have the same image size and classes")
    self.training = training
    self.test = test
  }

  /// The data set's name.
  public var name: String { training.name }

  /// Loads what `--data` names: a catalogue name, or a folder that holds the four IDX files.
  ///
  /// A catalogue name wins over a folder of the same name; `./name` means the folder.
  ///
  /// - Parameters:
  ///   - text: `fashion-mnist`, `synthetic`, or a folder's path.
  ///   - location: Where the data sets that come with the package are looked for.
  /// - Returns: The data set, read whole into memory.
  /// - Throws: What is missing or malformed, and where.
  public static func load(
    _ text: String, location: DatasetLocation = DatasetLocation()
  ) throws(DatasetError) -> Dataset {
    if text == "synthetic" {
      return .synthetic()
    }
    if DatasetCatalog.entries.contains(where: { $0.name == text }) {
      return try load(folder: location.folder(of: text), name: text)
    }
    guard FileContents.isFolder(text) else {
      throw .unknown(name: text, known: DatasetCatalog.entries.map(\.name))
    }
    return try load(folder: text, name: text)
  }

  /// Loads a folder that holds the four IDX files of MNIST and its successors, plain or `.gz`.
  ///
  /// The classes are named by the lines of `classes.txt` where the folder has one, and are
  /// otherwise the ten of MNIST, named 0 to 9.
  ///
  /// - Parameters:
  ///   - folder: The folder's path.
  ///   - name: The name the data set gets.
  /// - Returns: The data set, read whole into memory.
  /// - Throws: What is missing or malformed, and where.
  public static func load(folder: String, name: String) throws(DatasetError) -> Dataset {
    let classNames = try classNames(folder: folder)
    let training = try split(
      .training, prefix: "train", folder: folder, name: name, classNames: classNames)
    let test = try split(
      .test, prefix: "t10k", folder: folder, name: name, classNames: classNames,
      training: training)
    return Dataset(training: training, test: test)
  }

  private static func split(
    _ split: ImageDataset.Split, prefix: String, folder: String, name: String,
    classNames: [String], training: ImageDataset? = nil
  ) throws(DatasetError) -> ImageDataset {
    let imagePath = try path(of: "\(prefix)-images-idx3-ubyte", in: folder)
    let labelPath = try path(of: "\(prefix)-labels-idx1-ubyte", in: folder)
    let images = try IDX.images(FileContents.bytes(of: imagePath), path: imagePath)
    let labels = try IDX.labels(
      FileContents.bytes(of: labelPath), classCount: classNames.count, path: labelPath)
    guard images.count == labels.count else {
      throw .countMismatch(
        images: imagePath, imageCount: images.count, labels: labelPath, labelCount: labels.count)
    }
    if let training, training.height != images.height || training.width != images.width {
      throw .splitMismatch(
        path: imagePath, expected: "\(training.height)×\(training.width)",
        found: "\(images.height)×\(images.width)")
    }
    return ImageDataset(
      name: name, split: split, channels: 1, height: images.height, width: images.width,
      pixels: images.pixels, labels: labels, classNames: classNames,
      normalization: training?.normalization)
  }

  private static func path(
    of name: String, in folder: String
  ) throws(DatasetError) -> String {
    guard let path = FileContents.path(of: name, in: folder) else {
      throw .missingFile(name: name, folder: folder)
    }
    return path
  }

  private static func classNames(folder: String) throws(DatasetError) -> [String] {
    let path = "\(folder)/classes.txt"
    guard FileContents.isFile(path) else {
      return (0..<10).map(String.init)
    }
    let bytes = try FileContents.bytes(of: path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .classNames(path: path, reason: "bytes that are not UTF-8")
    }
    let names = text.split(whereSeparator: \.isNewline).map(String.init)
    guard 1...256 ~= names.count else {
      throw .classNames(path: path, reason: "\(names.count)")
    }
    guard Set(names).count == names.count else {
      throw .classNames(path: path, reason: "a name twice")
    }
    return names
  }
}
