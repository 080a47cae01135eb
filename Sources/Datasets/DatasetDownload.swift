#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// A data set that can be downloaded, with the checksums of its files.
///
/// Files are fetched into a hidden folder beside the data set's own, verified, unpacked, and only then
/// moved to their place, so that a folder of the data set's name is always whole. What a broken
/// transfer left is gone on with the next time.
public struct DatasetDownload: Hashable, Sendable {
  /// One file.
  struct File: Hashable, Sendable {
    let name: String
    let byteCount: Int
    /// The SHA-256 digest in hexadecimal digits.
    let sha256: String
  }

  /// The name to ask for.
  public let name: String
  /// Where the files lie, without a `/` at the end.
  public let source: String
  /// The name that `--data` takes, and the folder's.
  public let dataName: String
  let files: [File]
  /// The members to take out of an archive; empty where the files are used as they are.
  let members: [String]

  /// The bytes to be downloaded.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

  /// All of them, in the order in which they are listed.
  ///
  /// Sizes and digests are those that TensorFlow Datasets publishes for the same addresses.
  public static let all = [cifar10, cifar100, fashionMNIST, mnist]

  private static let cifar10 = DatasetDownload(
    name: "cifar10", source: "https://www.cs.toronto.edu/~kriz", dataName: "cifar10",
    files: [
      File(
        name: "cifar-10-binary.tar.gz", byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
    ],
    members: CIFAR.ten.trainingFiles + [CIFAR.ten.testFile, CIFAR.ten.classNamesFile])

  private static let cifar100 = DatasetDownload(
    name: "cifar100", source: "https://www.cs.toronto.edu/~kriz", dataName: "cifar100",
    files: [
      File(
        name: "cifar-100-binary.tar.gz", byteCount: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")
    ],
    members: CIFAR.hundred.trainingFiles + [CIFAR.hundred.testFile, CIFAR.hundred.classNamesFile])

  /// The whole of it, beside the subset that comes with the package and keeps the plain name.
  private static let fashionMNIST = DatasetDownload(
    name: "fashion-mnist", source: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    dataName: "fashion-mnist-full",
    files: [
      File(
        name: "train-images-idx3-ubyte.gz", byteCount: 26_421_880,
        sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      File(
        name: "train-labels-idx1-ubyte.gz", byteCount: 29_515,
        sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      File(
        name: "t10k-images-idx3-ubyte.gz", byteCount: 4_422_102,
        sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      File(
        name: "t10k-labels-idx1-ubyte.gz", byteCount: 5_148,
        sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ],
    members: [])

  private static let mnist = DatasetDownload(
    name: "mnist", source: "https://storage.googleapis.com/cvdf-datasets/mnist",
    dataName: "mnist",
    files: [
      File(
        name: "train-images-idx3-ubyte.gz", byteCount: 9_912_422,
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      File(
        name: "train-labels-idx1-ubyte.gz", byteCount: 28_881,
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      File(
        name: "t10k-images-idx3-ubyte.gz", byteCount: 1_648_877,
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      File(
        name: "t10k-labels-idx1-ubyte.gz", byteCount: 4_542,
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ],
    members: [])

  /// Makes the data set's folder, unless it is there.
  ///
  /// - Parameters:
  ///   - folder: Where the data set's own folder is made; made itself where it is missing.
  ///   - mirror: A URL or a folder with the files; nil for the official place.
  ///   - report: Told what is being done, a line each.
  /// - Returns: The data set's folder.
  /// - Throws: What failed. Verified files and the beginning of a broken one stay for the next try.
  public func fetch(
    into folder: String, from mirror: String? = nil, report: (String) -> Void = { _ in }
  ) throws(DatasetError) -> String {
    let target = "\(folder)/\(dataName)"
    if FileContents.isFolder(target) { return target }
    let workspace = "\(folder)/.\(dataName).partial"
    try Self.changing(workspace) {
      try FileManager.default.createDirectory(
        atPath: workspace, withIntermediateDirectories: true)
    }
    for file in files where !FileContents.isFile("\(workspace)/\(file.name)") {
      try obtain(file, in: workspace, from: mirror ?? source, report: report)
    }
    for file in files where !members.isEmpty {
      let path = "\(workspace)/\(file.name)"
      report("unpacking \(file.name)")
      let archive = try DataFiles(archive: path)
      for member in members {
        let bytes = try archive.read(member).bytes
        try Self.changing(workspace) {
          try Data(bytes).write(to: URL(fileURLWithPath: "\(workspace)/\(member)"))
        }
      }
      try Self.changing(path) { try FileManager.default.removeItem(atPath: path) }
    }
    try Self.changing(target) {
      try FileManager.default.moveItem(atPath: workspace, toPath: target)
    }
    return target
  }

  /// Puts one verified file into the workspace.
  private func obtain(
    _ file: File, in workspace: String, from source: String, report: (String) -> Void
  ) throws(DatasetError) {
    let partial = "\(workspace)/\(file.name).partial"
    if FileContents.isFolder(source) {
      let original = "\(source)/\(file.name)"
      guard FileContents.isFile(original) else {
        throw .unreadable(path: original, reason: "no such file")
      }
      report("copying \(original)")
      let bytes = try FileContents.plainBytes(of: original)
      try file.verify(bytes, from: original)
      try Self.changing(partial) { try Data(bytes).write(to: URL(fileURLWithPath: partial)) }
    } else {
      let url = source.hasSuffix("/") ? source + file.name : "\(source)/\(file.name)"
      let present = FileContents.byteCount(of: partial)
      if present > file.byteCount { try Self.remove(partial) }
      let isResumed = 1..<file.byteCount ~= present
      report(
        isResumed
          ? "going on with \(url) after \(present) of \(file.byteCount) bytes"
          : "downloading \(url), \(file.byteCount) bytes")
      do throws(DatasetError) {
        try download(url, file, to: partial)
      } catch .checksum where isResumed {
        // The beginning may be another file's; a whole download tells.
        report("what was there does not fit; downloading \(url) from its start")
        try download(url, file, to: partial)
      }
    }
    try Self.changing(partial) {
      try FileManager.default.moveItem(atPath: partial, toPath: "\(workspace)/\(file.name)")
    }
  }

  /// Downloads what is missing of a file and verifies the whole; a wrong one is removed.
  private func download(_ url: String, _ file: File, to path: String) throws(DatasetError) {
    if FileContents.byteCount(of: path) != file.byteCount {
      var outcome = Curl.download(url, to: path)
      if outcome == .cannotResume {
        try Self.remove(path)
        outcome = Curl.download(url, to: path)
      }
      switch outcome {
      case .done: break
      case .missing: throw .curlMissing(url: url)
      case .cannotResume: throw .download(url: url, reason: "the server refused the request")
      case .failed(let reason): throw .download(url: url, reason: reason)
      }
    }
    do throws(DatasetError) {
      try file.verify(try FileContents.plainBytes(of: path), from: url)
    } catch {
      try Self.remove(path)
      throw error
    }
  }

  private static func remove(_ path: String) throws(DatasetError) {
    guard FileContents.isFile(path) else { return }
    try changing(path) { try FileManager.default.removeItem(atPath: path) }
  }

  /// Carries out a change of the file system and says where it failed.
  private static func changing(_ path: String, _ body: () throws -> Void) throws(DatasetError) {
    do {
      try body()
    } catch let error as CocoaError {
      let reason =
        switch error.code {
        case .fileWriteNoPermission: "no permission"
        case .fileWriteOutOfSpace: "the disk is full"
        default: "\(error)"
        }
      throw .unwritable(path: path, reason: reason)
    } catch {
      throw .unwritable(path: path, reason: "\(error)")
    }
  }
}

extension DatasetDownload.File {
  /// Holds some bytes against the size and the digest.
  fileprivate func verify(_ bytes: [UInt8], from source: String) throws(DatasetError) {
    let found = SHA256.hexadecimal(of: bytes)
    guard found == sha256 else {
      throw .checksum(
        source: source, expected: sha256, expectedCount: byteCount, found: found,
        foundCount: bytes.count)
    }
  }
}
