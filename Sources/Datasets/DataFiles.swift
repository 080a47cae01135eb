/// The files that a data set is read from: those of a folder, or the members of a tar archive.
///
/// Readers ask for files by name and see no difference. Of an archive the members' last names count,
/// so that it does not matter in which folder they were packed; it is unpacked into memory whole.
struct DataFiles: Sendable {
  private enum Source: Sendable {
    case folder
    case archive(bytes: [UInt8], members: [String: Tar.Member])
  }

  /// The folder's or archive's own path.
  let path: String
  private let source: Source

  /// The files of a folder.
  init(folder: String) {
    path = folder
    source = .folder
  }

  /// The members of an archive, `.tar` or `.tar.gz`.
  ///
  /// - Throws: What is wrong with the archive.
  init(archive path: String) throws(DatasetError) {
    let bytes = try FileContents.bytes(of: path)
    guard Tar.isArchive(bytes) else {
      throw .archive(path: path, reason: bytes.isEmpty ? "0 bytes" : "other bytes")
    }
    let members = try Tar(bytes, path: path).members
    self.path = path
    source = .archive(
      bytes: bytes,
      // A later member of the same name replaces an earlier one, as unpacking would.
      members: Dictionary(members.map { (String($0.lastName), $0) }) { _, later in later })
  }

  /// The folder of the files themselves; nil for an archive.
  var folder: String? {
    if case .folder = source { return path }
    return nil
  }

  /// Where a file is, for messages; nil where it is not, neither plain nor compressed.
  func path(of name: String) -> String? {
    switch source {
    case .folder: FileContents.path(of: name, in: path)
    case .archive(_, let members): members[name].map { "\(path):\($0.name)" }
    }
  }

  /// The contents of a file, unpacked, and where it is.
  ///
  /// - Throws: `DatasetError.missingFile` where it is not, or what is wrong with it.
  func read(_ name: String) throws(DatasetError) -> (bytes: [UInt8], path: String) {
    guard let location = path(of: name) else { throw .missingFile(name: name, folder: path) }
    switch source {
    case .folder:
      return (try FileContents.bytes(of: location), location)
    case .archive(let bytes, let members):
      return (members[name].map { Array(bytes[$0.range]) } ?? [], location)
    }
  }

  /// The lines of a text file that are not empty.
  ///
  /// - Parameters:
  ///   - name: The file, with the names of the classes by label.
  ///   - range: How many names there are to be.
  /// - Returns: The names; nil where the file is not there.
  /// - Throws: `DatasetError.classNames` for a wrong number of names or a name that comes twice.
  func classNames(
    _ name: String, count range: ClosedRange<Int>
  ) throws(DatasetError) -> [String]? {
    guard path(of: name) != nil else { return nil }
    let (bytes, path) = try read(name)
    let expected =
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .classNames(path: path, expected: expected, reason: "bytes that are not UTF-8")
    }
    let names = text.split(whereSeparator: \.isNewline).map(String.init)
    guard range.contains(names.count) else {
      throw .classNames(path: path, expected: expected, reason: "\(names.count)")
    }
    guard Set(names).count == names.count else {
      throw .classNames(path: path, expected: expected, reason: "a name twice")
    }
    return names
  }
}
