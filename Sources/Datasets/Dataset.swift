/// A data set: images to learn from and images to be judged on.
///
///     let data = try Dataset.load("fashion-mnist")
public struct Dataset: Sendable {
  /// The images to learn from.
  public let training: ImageDataset
  /// The images to be judged on; of the same size and classes.
  public let test: ImageDataset
  /// What is wrong with each of the images that were left out.
  public let skippedImages: [DatasetError]

  /// Makes a data set of its two splits.
  ///
  /// - Parameters:
  ///   - training: The images to learn from.
  ///   - test: The images to be judged on.
  ///   - skippedImages: What is wrong with each of the images that were left out.
  /// - Precondition: The splits agree in image size and classes.
  public init(
    training: ImageDataset, test: ImageDataset, skippedImages: [DatasetError] = []
  ) {
    precondition(
      training.channels == test.channels && training.height == test.height
        && training.width == test.width && training.classNames == test.classNames,
      "the splits of a data set have the same image size and classes")
    self.training = training
    self.test = test
    self.skippedImages = skippedImages
  }

  /// The data set's name.
  public var name: String { training.name }

  /// Loads what `--data` names; ``DatasetSource`` says what that can be.
  ///
  /// - Parameters:
  ///   - text: `fashion-mnist`, `synthetic`, or the path of a folder or archive.
  ///   - imageSize: Pixels on a side that the images are resized to, ≥ 1; nil leaves them as they
  ///     are, which only images of one size can be.
  ///   - skipsBadImages: Whether damaged images are left out; otherwise they are an error.
  ///   - location: Where data sets with a name are looked for.
  /// - Returns: The data set, read whole into memory.
  /// - Throws: What is missing or malformed, and where.
  public static func load(
    _ text: String, imageSize: Int? = nil, skipsBadImages: Bool = false,
    location: DatasetLocation = DatasetLocation()
  ) throws(DatasetError) -> Dataset {
    try DatasetSource(text, location: location)
      .load(imageSize: imageSize, skipsBadImages: skipsBadImages)
  }
}
