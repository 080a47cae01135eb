/// The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky, 2009, "Learning Multiple Layers of
/// Features from Tiny Images").
///
/// A file is a row of records without a header. A record is the label, one byte, and the image,
/// 3 072 bytes as `[c, h, w]` of 3×32×32: the red plane, the green, the blue, each row by row. In
/// CIFAR-100 a byte with the superclass of 20 precedes the label; it is not used.
///
/// The official files hold 10 000 images (50 000 in CIFAR-100's `train.bin`). Files with another
/// number of whole records are read too, so that subsets can be made with `head -c`.
struct CIFAR: Hashable, Sendable {
  /// The files of the training split, in order.
  let trainingFiles: [String]
  /// The file of the test split.
  let testFile: String
  /// The file with the classes' names, a line each.
  let classNamesFile: String
  /// The folder that the official archive unpacks to.
  let archiveFolder: String
  let classCount: Int
  /// The place of the label in a record.
  let labelOffset: Int

  static let ten = CIFAR(
    trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFile: "test_batch.bin",
    classNamesFile: "batches.meta.txt", archiveFolder: "cifar-10-batches-bin", classCount: 10,
    labelOffset: 0)
  static let hundred = CIFAR(
    trainingFiles: ["train.bin"], testFile: "test.bin",
    classNamesFile: "fine_label_names.txt", archiveFolder: "cifar-100-binary", classCount: 100,
    labelOffset: 1)

  private static let side = 32
  private static let imageBytes = 3 * side * side

  /// Bytes of a record.
  var recordBytes: Int { labelOffset + 1 + Self.imageBytes }

  /// Whether one of the files that hold images is there.
  func isPresent(in files: DataFiles) -> Bool {
    (trainingFiles + [testFile]).contains { files.path(of: $0) != nil }
  }

  /// Reads both splits.
  ///
  /// - Parameters:
  ///   - files: Where the files are.
  ///   - name: The name that the data set gets.
  /// - Returns: The data set, normalised by the mean and deviation of its training pixels.
  /// - Throws: What is missing or malformed, and where.
  func load(_ files: DataFiles, name: String) throws(DatasetError) -> Dataset {
    let classNames =
      try files.classNames(classNamesFile, count: classCount...classCount)
      ?? (0..<classCount).map(String.init)
    var training = Records()
    var first: (path: String, count: Int)?
    for file in trainingFiles {
      let (bytes, path) = try files.read(file)
      let count = try append(bytes, path: path, to: &training)
      if let first, count != first.count {
        throw .batchMismatch(
          path: path, found: count, expected: first.count, first: first.path)
      }
      first = first ?? (path, count)
    }
    var test = Records()
    let (bytes, path) = try files.read(testFile)
    _ = try append(bytes, path: path, to: &test)
    func split(
      _ split: ImageDataset.Split, _ records: Records, _ normalization: Normalization?
    ) -> ImageDataset {
      ImageDataset(
        name: name, split: split, channels: 3, height: Self.side, width: Self.side,
        pixels: records.pixels, labels: records.labels, classNames: classNames,
        normalization: normalization)
    }
    let trainingSplit = split(.training, training, nil)
    return Dataset(
      training: trainingSplit, test: split(.test, test, trainingSplit.normalization))
  }

  private struct Records {
    var pixels: [UInt8] = []
    var labels: [Int] = []
  }

  /// Adds a file's records and gives their number.
  private func append(
    _ bytes: [UInt8], path: String, to records: inout Records
  ) throws(DatasetError) -> Int {
    guard !bytes.isEmpty, bytes.count % recordBytes == 0 else {
      throw .records(path: path, recordBytes: recordBytes, found: bytes.count)
    }
    let count = bytes.count / recordBytes
    for position in 0..<count {
      let start = position * recordBytes
      let label = Int(bytes[start + labelOffset])
      guard label < classCount else {
        throw .label(path: path, found: label, position: position, classCount: classCount)
      }
      records.labels.append(label)
      records.pixels.append(contentsOf: bytes[(start + labelOffset + 1)..<start + recordBytes])
    }
    return count
  }
}
