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

  /// Loads what `--data` names: a catalogue name, a folder, or an archive.
  ///
  /// A catalogue name wins over a folder of the same name; `./name` means the folder. A folder or
  /// archive holds one of
  /// - the four IDX files of MNIST and its successors, plain or `.gz`, with the classes' names in the
  ///   lines of `classes.txt` where there is one, and otherwise the ten of MNIST, named 0 to 9;
  /// - the files of CIFAR-10's or CIFAR-100's binary version. The official archives, `.tar.gz` as
  ///   they are, need not be unpacked.
  ///
  /// Pixels are normalised by the mean and deviation of each channel over the training split, which
  /// are measured when it is loaded.
  ///
  /// - Parameters:
  ///   - text: `fashion-mnist`, `synthetic`, or the path of a folder or archive.
  ///   - location: Where data sets with a name are looked for.
  /// - Returns: The data set, read whole into memory.
  /// - Throws: What is missing or malformed, and where.
  public static func load(
    _ text: String, location: DatasetLocation = DatasetLocation()
  ) throws(DatasetError) -> Dataset {
    if text == "synthetic" {
      return .synthetic()
    }
    if DatasetCatalog.entries.contains(where: { $0.name == text }) {
      return try load(DataFiles(folder: location.folder(of: text)), name: text)
    }
    if FileContents.isFolder(text) {
      return try load(DataFiles(folder: text), name: text)
    }
    if FileContents.isFile(text) {
      return try load(DataFiles(archive: text), name: text)
    }
    throw .unknown(name: text, known: DatasetCatalog.entries.map(\.name))
  }

  private static func load(_ files: DataFiles, name: String) throws(DatasetError) -> Dataset {
    guard let (format, files) = DataFormat.recognize(files) else {
      throw .unrecognized(path: files.path)
    }
    return switch format {
    case .idx: try IDX.load(files, name: name)
    case .cifar10: try CIFAR.ten.load(files, name: name)
    case .cifar100: try CIFAR.hundred.load(files, name: name)
    }
  }
}
