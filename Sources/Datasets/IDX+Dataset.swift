extension IDX {
  /// The four files of MNIST's naming.
  static let fileNames = ["train", "t10k"].flatMap {
    ["\($0)-images-idx3-ubyte", "\($0)-labels-idx1-ubyte"]
  }

  /// Reads the four files of MNIST and its successors.
  ///
  /// - Parameters:
  ///   - files: Where the files are, and `classes.txt` where there is one.
  ///   - name: The name the data set gets.
  /// - Returns: The data set.
  /// - Throws: What is missing or malformed, and where.
  static func load(_ files: DataFiles, name: String) throws(DatasetError) -> Dataset {
    let classNames =
      try files.classNames("classes.txt", count: 1...256) ?? (0..<10).map(String.init)
    let training = try split(
      .training, prefix: "train", files: files, name: name, classNames: classNames)
    let test = try split(
      .test, prefix: "t10k", files: files, name: name, classNames: classNames,
      training: training)
    return Dataset(training: training, test: test)
  }

  private static func split(
    _ split: ImageDataset.Split, prefix: String, files: DataFiles, name: String,
    classNames: [String], training: ImageDataset? = nil
  ) throws(DatasetError) -> ImageDataset {
    let (imageBytes, imagePath) = try files.read("\(prefix)-images-idx3-ubyte")
    let (labelBytes, labelPath) = try files.read("\(prefix)-labels-idx1-ubyte")
    let images = try images(imageBytes, path: imagePath)
    let labels = try labels(labelBytes, classCount: classNames.count, path: labelPath)
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
}
