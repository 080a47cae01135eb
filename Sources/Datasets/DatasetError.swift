/// What can be wrong with a data set; each description says what was expected, found, and where.
public enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No data set has this name and no folder has this path.
  case unknown(name: String, known: [String])
  /// A data set that comes with the package is in none of the places searched.
  case notFound(name: String, searched: [String])
  /// A folder has neither the plain nor the compressed form of a file.
  case missingFile(name: String, folder: String)
  /// The system refused to read a file.
  case unreadable(path: String, reason: String)
  /// A file without a single byte.
  case empty(path: String)
  /// A file that starts with another number than its format asks for.
  case magic(path: String, expected: UInt32, found: UInt32)
  /// A file that is shorter or longer than its header says; `contents` names what the header says.
  case length(path: String, expected: Int, found: Int, contents: String)
  /// An IDX header with sizes that no data set has.
  case dimensions(path: String, count: Int, height: Int, width: Int)
  /// Images and labels of one split that differ in number.
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// A label for which there is no class.
  case label(path: String, found: Int, position: Int, classCount: Int)
  /// Test images of another size than the training images.
  case splitMismatch(path: String, expected: String, found: String)
  /// A list of class names that cannot be used.
  case classNames(path: String, expected: String, reason: String)
  /// A folder or archive without a file of any layout that is known.
  case unrecognized(path: String)
  /// A file of CIFAR's layout that does not hold a whole number of records.
  case records(path: String, recordBytes: Int, found: Int)
  /// A training file with another number of images than the first.
  case batchMismatch(path: String, found: Int, expected: Int, first: String)
  /// A file that is no tar archive, or a damaged one.
  case archive(path: String, reason: String)
  /// A file named as compressed that does not hold gzip data.
  case notCompressed(path: String)
  /// Compressed data that ends in the middle.
  case compressedTruncated(path: String, byteCount: Int)
  /// Compressed data that zlib refuses, with zlib's reason.
  case compressedCorrupted(path: String, reason: String)
  /// Compressed data that unpacks to more than any data set has.
  case compressedTooLarge(path: String, limit: Int)
  /// A compressed file on a system without zlib.
  case zlibMissing(path: String, searched: [String])
  /// A download that broke off or never began; a later one goes on with it.
  case download(url: String, reason: String)
  /// A download on a system without curl.
  case curlMissing(url: String)
  /// A file whose bytes are not those that were published.
  case checksum(
    source: String, expected: String, expectedCount: Int, found: String, foundCount: Int)
  /// The system refused to write.
  case unwritable(path: String, reason: String)
  /// A folder of image folders without one of its two splits.
  case missingSplit(folder: String, expected: [String])
  /// A folder of shards without one of its two splits.
  case missingShards(folder: String, expected: [String])
  /// An image without a class in a shard, or the other way round.
  case sample(path: String, key: String, reason: String)
  /// A split without a folder for a class.
  case noClasses(path: String)
  /// A class, or a split, without an image that can be used.
  case noImages(path: String)
  /// Splits that have not the same classes.
  case classesDiffer(training: String, test: String, onlyTraining: [String], onlyTest: [String])
  /// A file that is no whole JPEG image.
  case image(path: String, reason: String)
  /// Images on a system without libjpeg-turbo.
  case jpegMissing(path: String, searched: [String])
  /// Images without a size of their own, and no size asked for.
  case imageSizeMissing(path: String)
  /// Images that do not fit into this machine's memory at the size asked for.
  case tooLarge(path: String, count: Int, side: Int, gigabytes: Int, memory: Int)
  /// A text that is no augmentation.
  case augmentation(text: String, part: String)

  /// What differs in the classes of two splits; nil where nothing does.
  ///
  /// - Parameters:
  ///   - training: The classes' names, and where they were found.
  ///   - test: The same of the other split.
  /// - Returns: `classesDiffer` with the classes of one split only.
  static func difference(
    of training: (names: [String], path: String), and test: (names: [String], path: String)
  ) -> DatasetError? {
    let (known, found) = (Set(training.names), Set(test.names))
    guard known != found else { return nil }
    return .classesDiffer(
      training: training.path, test: test.path,
      onlyTraining: training.names.filter { !found.contains($0) },
      onlyTest: test.names.filter { !known.contains($0) })
  }

  /// Whether a single image is at fault, which a data set can do without.
  var isBadImage: Bool {
    if case .image = self { true } else { false }
  }

  /// The ways in which data can be unusable, for an exit code.
  public enum Kind: Sendable {
    /// The request names something that does not exist.
    case usage
    /// A file or data set is not there.
    case missing
    /// A file is there and its bytes are wrong.
    case malformed
    /// A file is there and cannot be read.
    case unreadable
    /// A download failed, or its files cannot be written.
    case transfer
  }

  /// Which of the ways this is.
  public var kind: Kind {
    switch self {
    case .unknown, .augmentation, .imageSizeMissing, .tooLarge: .usage
    case .notFound, .missingFile, .unrecognized, .missingSplit, .missingShards, .noClasses,
      .noImages:
      .missing
    case .unreadable, .zlibMissing, .jpegMissing: .unreadable
    case .download, .curlMissing, .unwritable: .transfer
    case .empty, .magic, .length, .dimensions, .countMismatch, .label, .splitMismatch, .classNames,
      .records, .batchMismatch, .archive, .checksum, .notCompressed, .compressedTruncated,
      .compressedCorrupted, .compressedTooLarge, .classesDiffer, .image, .sample:
      .malformed
    }
  }

  /// One sentence: what was expected, what was found, where.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "expected \(known.joined(separator: ", ")) or the path of a folder or archive, found '\(name)'"
    case .notFound(let name, let searched):
      "expected the data set \(name) in one of these folders, found it in none:\n"
        + searched.map { "  \($0)" }.joined(separator: "\n")
        + (DatasetDownload.all.first { $0.dataName == name }
          .map { "\nanneal data fetch \($0.name) downloads it" } ?? "")
    case .missingFile(let name, let folder):
      "expected \(name) or \(name).gz in \(folder), found neither"
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .empty(let path):
      "expected an IDX file in \(path), found 0 bytes"
    case .magic(let path, let expected, let found):
      "expected magic number \(hexadecimal(expected)) in \(path), found \(hexadecimal(found))"
    case .length(let path, let expected, let found, let contents):
      "expected \(expected) bytes (\(contents)) in \(path), found \(found)"
    case .dimensions(let path, let count, let height, let width):
      "expected at least 1 image of 1×1 to \(IDX.largestSide)×\(IDX.largestSide) pixels in \(path), "
        + "found \(count) of \(height)×\(width)"
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "expected a label for each of the \(imageCount) images of \(images), "
        + "found \(labelCount) in \(labels)"
    case .label(let path, let found, let position, let classCount):
      "expected labels from 0 to \(classCount - 1) in \(path), found \(found) at position \(position)"
    case .splitMismatch(let path, let expected, let found):
      "expected images of \(expected) pixels as for training in \(path), found \(found)"
    case .classNames(let path, let expected, let reason):
      "expected \(expected) different class names, one a line, in \(path), found \(reason)"
    case .unrecognized(let path):
      "expected files of MNIST (train-images-idx3-ubyte …), CIFAR-10 (data_batch_1.bin …), "
        + "CIFAR-100 (train.bin …), folders of images (train/CLASS/….jpg) or shards (train-….tar) "
        + "in \(path), found none of them"
    case .records(let path, let recordBytes, let found):
      "expected images of \(recordBytes) bytes each (\(recordBytes)0000 for the usual 10000) "
        + "in \(path), found \(found) bytes"
    case .batchMismatch(let path, let found, let expected, let first):
      "expected \(expected) images in \(path) as in \(first), found \(found)"
    case .archive(let path, let reason):
      "expected a tar archive in \(path), found \(reason)"
    case .notCompressed(let path):
      "expected gzip data in \(path), found other bytes"
    case .compressedTruncated(let path, let byteCount):
      "expected a whole gzip file in \(path), found its end missing after \(byteCount) unpacked bytes"
    case .compressedCorrupted(let path, let reason):
      "expected gzip data in \(path), found damaged bytes (zlib: \(reason))"
    case .compressedTooLarge(let path, let limit):
      "expected at most \(limit) unpacked bytes in \(path), found more"
    case .zlibMissing(let path, let searched):
      "cannot unpack \(path): this system has no zlib (\(searched.joined(separator: ", "))); "
        + "install it or unpack the file with gunzip"
    case .download(let url, let reason):
      "cannot download \(url): \(reason); the same command goes on where this one ended"
    case .curlMissing(let url):
      "cannot download \(url): this system has no curl; install it, or download the file otherwise "
        + "and name its folder with --from"
    case .checksum(let source, let expected, let expectedCount, let found, let foundCount):
      "expected \(expectedCount) bytes with the SHA-256 \(expected) from \(source), "
        + "found \(foundCount) bytes with \(found)"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    case .missingSplit(let folder, let expected):
      "expected a folder \(expected.joined(separator: " or ")) with a folder for each class "
        + "in \(folder), found none"
    case .missingShards(let folder, let expected):
      "expected tar archives with \(expected.joined(separator: " or ")) in their names, or in "
        + "a folder of that name, in \(folder), found none"
    case .sample(let path, let key, let reason):
      "expected \(key).jpg and its class, a number, in \(key).cls in \(path), found \(reason)"
    case .noClasses(let path):
      "expected a folder for each class in \(path), found none"
    case .noImages(let path):
      "expected a JPEG image in \(path), found none"
    case .classesDiffer(let training, let test, let onlyTraining, let onlyTest):
      "expected the same classes in \(training) and \(test), found "
        + [(training, onlyTraining), (test, onlyTest)].filter { !$0.1.isEmpty }
        .map { "\(listed($0.1)) only in \($0.0)" }.joined(separator: " and ")
    case .image(let path, let reason):
      "expected a JPEG image in \(path), found \(reason)"
    case .jpegMissing(let path, let searched):
      "cannot decode the images of \(path): this system has no libjpeg-turbo "
        + "(\(searched.joined(separator: ", "))); install libturbojpeg0 (Debian, Ubuntu), "
        + "turbojpeg (Fedora) or jpeg-turbo (Homebrew)"
    case .imageSizeMissing(let path):
      "expected an image size (--image-size 128, for example) for the images of \(path), "
        + "which come in any size, found none"
    case .tooLarge(let path, let count, let side, let gigabytes, let memory):
      "expected images that fit into the \(memory) GB of this machine, found \(count) in \(path), "
        + "which take \(gigabytes) GB at \(side)×\(side)"
    case .augmentation(let text, let part):
      "expected \(Augmentation.expected) as augmentation, "
        + "found '\(part)' in '\(text)'"
    }
  }
}

/// The first few names.
private func listed(_ names: [String]) -> String {
  names.prefix(5).joined(separator: ", ")
    + (names.count > 5 ? " and \(names.count - 5) more" : "")
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
