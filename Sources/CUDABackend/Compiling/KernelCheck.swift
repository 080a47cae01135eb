/// Compiles every kernel of our own, on a machine with or without a GPU.
public enum KernelCheck {
  /// The kinds of GPU that kernels are compiled for: the oldest and the newest that are supported.
  public static let architectures = ["sm_80", "sm_90a"]

  /// A compiled kernel.
  public struct Row: Hashable, Sendable, Codable {
    /// The kind of GPU.
    public let architecture: String
    /// The file of the kernel.
    public let source: String
    /// What its images are kept in.
    public let storage: String
    /// What it takes.
    public let usage: KernelUsage
  }

  /// Compiles every source for every storage and kind of GPU, without a cache.
  ///
  /// - Parameters:
  ///   - search: Where the compiler is looked for.
  ///   - architectures: The kinds of GPU.
  /// - Returns: A row for each kernel.
  /// - Throws: `CUDABackendError` if there is no compiler or something does not compile.
  public static func rows(
    _ search: LibrarySearch, architectures: [String] = architectures
  ) throws(CUDABackendError) -> [Row] {
    let library = try search.compiler()
    var rows: [Row] = []
    for architecture in architectures {
      let compiler = KernelCompiler(library: library, architecture: architecture, cache: nil)
      for source in KernelSource.allCases {
        for storage in Storage.allCases {
          let output = try compiler.compile(source.text(for: storage), name: source.fileName)
          rows += KernelUsage.rows(inLog: output.log).map { usage in
            Row(
              architecture: architecture, source: source.fileName, storage: storage.rawValue,
              usage: usage)
          }
        }
      }
    }
    return rows
  }
}
