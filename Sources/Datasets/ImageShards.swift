/// A folder of tar archives with labelled JPEG images, in WebDataset's layout.
///
/// An image is `KEY.jpg` and its class `KEY.cls`, a number in decimal digits, side by side in an archive;
/// KEY is a path up to the first point of its last part, and members with other endings are left out.
/// The archives, `.tar` or compressed, lie in the folders `train` and `val` (or `test`), or all in one
/// with that word in their names: `train-000000.tar`, `imagenet-val-03.tar`. They are read in the order
/// of their names, one at a time.
///
/// Classes are named by the lines of `classes.txt` where there is one, otherwise by their numbers.
struct ImageShards: Sendable {
  /// The words for each split, those of the test split in order of preference.
  private static let trainingWords = [["train", "training"]]
  private static let testWords = [["val", "valid", "validation"], ["test"]]
  private static let endings = [".tar", ".tar.gz", ".tgz"]
  /// Labels beyond it are taken for damage.
  private static let largestLabel = 99_999

  private let path: String
  /// The archives' files.
  private let training: [String]
  private let test: [String]

  /// Whether there is an archive of one of the splits.
  static func isPresent(in folder: String) -> Bool {
    (trainingWords + testWords).contains { !shards(in: folder, words: $0).isEmpty }
  }

  /// Lists a folder.
  ///
  /// - Throws: Which split is missing.
  init(_ path: String) throws(DatasetError) {
    self.path = path
    func shards(_ words: [[String]], _ expected: [String]) throws(DatasetError) -> [String] {
      for words in words {
        let found = Self.shards(in: path, words: words)
        if !found.isEmpty { return found }
      }
      throw .missingShards(folder: path, expected: expected)
    }
    training = try shards(Self.trainingWords, ["train"])
    test = try shards(Self.testWords, ["val", "test"])
  }

  /// The archives of a split: those in its folder, and those with one of its words in their names.
  private static func shards(in folder: String, words: [String]) -> [String] {
    func archives(_ folder: String) -> [String] {
      ((try? FileContents.names(in: folder)) ?? []).filter { name in
        endings.contains { name.hasSuffix($0) } && FileContents.isFile("\(folder)/\(name)")
      }
    }
    let named = archives(folder).filter { name in
      name.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
    }
    return words.flatMap { word in archives("\(folder)/\(word)").map { "\(folder)/\(word)/\($0)" } }
      + named.map { "\(folder)/\($0)" }
  }

  // MARK: - Reading

  /// Images that have been decoded.
  private struct Images {
    var pixels: [UInt8] = []
    var labels: [Int] = []
    var skipped: [DatasetError] = []
  }

  /// Decodes both splits.
  ///
  /// - Parameters:
  ///   - decoding: At which size.
  ///   - name: The name the data set gets.
  ///   - normalization: nil measures the training images.
  ///   - skipsBadImages: Whether images that are damaged are left out.
  /// - Returns: The data set.
  /// - Throws: What is wrong with an archive, or the first image that cannot be used.
  func load(
    _ decoding: ImageDecoding, name: String, normalization: Normalization?, skipsBadImages: Bool
  ) throws(DatasetError) -> Dataset {
    let known = try DataFiles(folder: path).classNames(
      "classes.txt", count: 1...(Self.largestLabel + 1))
    func images(_ shards: [String]) throws(DatasetError) -> Images {
      var images = Images()
      for shard in shards {
        try append(shard, decoding, classCount: known?.count, skipsBadImages, to: &images)
      }
      guard !images.labels.isEmpty else { throw .noImages(path: shards.joined(separator: ", ")) }
      return images
    }
    let training = try images(training)
    let test = try images(test)
    let classNames: [String]
    if let known {
      classNames = known
    } else {
      let (own, other) = (Set(training.labels).sorted(), Set(test.labels).sorted())
      if let error = DatasetError.difference(
        of: (own.map(String.init), "the training shards of \(path)"),
        and: (other.map(String.init), "the others"))
      {
        throw error
      }
      classNames = (0...(own.last ?? 0)).map(String.init)
    }
    func split(
      _ split: ImageDataset.Split, _ images: Images, _ normalization: Normalization?
    ) -> ImageDataset {
      ImageDataset(
        name: name, split: split, channels: ImageDecoding.channels, height: decoding.side,
        width: decoding.side, pixels: images.pixels, labels: images.labels,
        classNames: classNames, normalization: normalization)
    }
    let trainingSplit = split(.training, training, normalization)
    return Dataset(
      training: trainingSplit, test: split(.test, test, trainingSplit.normalization),
      skippedImages: training.skipped + test.skipped)
  }

  /// Decodes an archive's images.
  private func append(
    _ shard: String, _ decoding: ImageDecoding, classCount: Int?, _ skipsBadImages: Bool,
    to images: inout Images
  ) throws(DatasetError) {
    let bytes = try FileContents.bytes(of: shard)
    guard Tar.isArchive(bytes) else {
      throw .archive(path: shard, reason: bytes.isEmpty ? "0 bytes" : "other bytes")
    }
    let samples = try Self.samples(
      try Tar(bytes, path: shard).members, bytes, shard: shard, classCount: classCount)
    let result = try decoding.decode(count: samples.count, skipsBadImages: skipsBadImages) {
      (Array(bytes[samples[$0].image.range]), "\(shard):\(samples[$0].image.name)")
    }
    images.pixels += result.pixels
    images.labels += samples.indices.filter { result.failures[$0] == nil }.map {
      samples[$0].label
    }
    images.skipped += result.failures.sorted { $0.key < $1.key }.map(\.value)
  }

  /// An image and its class.
  private struct Sample {
    let image: Tar.Member
    let label: Int
  }

  /// Puts the members of one key together, in the order in which the keys come first.
  private static func samples(
    _ members: [Tar.Member], _ bytes: [UInt8], shard: String, classCount: Int?
  ) throws(DatasetError) -> [Sample] {
    var keys: [String] = []
    var images: [String: Tar.Member] = [:]
    var classes: [String: Tar.Member] = [:]
    for member in members {
      let name = member.lastName
      guard let point = name.firstIndex(of: "."), point != name.startIndex else { continue }
      let key = String(member.name.dropLast(name[point...].count))
      let isClass = name.lowercased().hasSuffix(".cls")
      guard isClass || ImageFolder.isImage(String(name)) else { continue }
      if images[key] == nil, classes[key] == nil { keys.append(key) }
      let earlier =
        isClass
        ? classes.updateValue(member, forKey: key) : images.updateValue(member, forKey: key)
      guard earlier == nil else {
        throw .sample(path: shard, key: key, reason: isClass ? "two classes" : "two images")
      }
    }
    var samples: [Sample] = []
    for key in keys {
      guard let image = images[key] else {
        throw .sample(path: shard, key: key, reason: "no image")
      }
      guard let labelled = classes[key] else {
        throw .sample(path: shard, key: key, reason: "no class")
      }
      let text = String(decoding: bytes[labelled.range].prefix(20), as: UTF8.self)
      guard let label = Int(text.filter { !$0.isWhitespace }),
        0...(classCount.map { $0 - 1 } ?? largestLabel) ~= label
      else { throw .sample(path: shard, key: key, reason: "the class '\(text)'") }
      samples.append(Sample(image: image, label: label))
    }
    return samples
  }
}
