/// The layouts in which a folder or archive can hold a data set.
enum DataFormat: Hashable, Sendable, CaseIterable {
  case idx
  case cifar10
  case cifar100
  case shards
  case imageFolder

  /// The layout of some files, told by the names of those that are there, and the files themselves.
  ///
  /// One file of a layout is enough, so that what is missing can be named. The folder that CIFAR's
  /// official archive unpacks to is looked into as well.
  ///
  /// - Returns: nil where there is no file of any layout.
  static func recognize(_ files: DataFiles) -> (DataFormat, DataFiles)? {
    if let format = allCases.first(where: { $0.isPresent(in: files) }) { return (format, files) }
    guard let folder = files.folder else { return nil }
    for cifar in [CIFAR.ten, .hundred] {
      let inner = DataFiles(folder: "\(folder)/\(cifar.archiveFolder)")
      if cifar.isPresent(in: inner) { return (cifar == .ten ? .cifar10 : .cifar100, inner) }
    }
    return nil
  }

  private func isPresent(in files: DataFiles) -> Bool {
    switch self {
    case .idx: IDX.fileNames.contains { files.path(of: $0) != nil }
    case .cifar10: CIFAR.ten.isPresent(in: files)
    case .cifar100: CIFAR.hundred.isPresent(in: files)
    case .shards: files.folder.map(ImageShards.isPresent) ?? false
    case .imageFolder: files.folder.map(ImageFolder.isPresent) ?? false
    }
  }
}
