#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// Where NVIDIA's libraries are looked for.
///
/// In this order:
/// 1. the folders that the environment variable `ANNEAL_CUDA_PATH` names, each as it is and as a folder
///    of `lib`, `lib64` or of Python packages;
/// 2. the packages `nvidia-…` of the Python environment: that of `VIRTUAL_ENV`, else that of `python3`;
/// 3. what the system's loader knows (`LD_LIBRARY_PATH`, its cache);
/// 4. where the driver and the toolkit usually are.
///
/// The driver never is a Python package. The first file that is there decides: if it cannot be used,
/// that is an error and not a reason to use another one silently.
public struct LibrarySearch: Sendable {
  /// The environment variable that names folders, separated by colons; `none` looks nowhere.
  public static let variable = "ANNEAL_CUDA_PATH"

  /// The folders that the variable names.
  let named: [String]
  /// The folders `nvidia` of the Python environment, worked out only when they are needed; `nil` does
  /// not look there.
  let packages: (@Sendable () -> [String])?
  /// Whether the system's loader is asked.
  let asksLoader: Bool
  /// Where the driver usually is.
  let driverFolders: [String]
  /// Where the toolkit usually is.
  let toolkitFolders: [String]

  /// Looks in the places that an environment names.
  public init(environment: [String: String]) {
    let variable = environment[Self.variable] ?? ""
    guard variable != "none" else {
      self.init(named: [])
      return
    }
    self.init(
      named: variable.split(separator: ":").map(String.init),
      packages: { PythonEnvironment.packageFolders(virtual: environment["VIRTUAL_ENV"]) },
      asksLoader: true,
      driverFolders: [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
        "/usr/local/nvidia/lib64", "/usr/lib/wsl/lib", "/run/opengl-driver/lib",
      ],
      toolkitFolders: [
        "/usr/local/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64", "/opt/cuda/lib64",
      ])
  }

  /// Looks in the given places alone.
  init(
    named: [String], packages: @escaping @Sendable () -> [String] = { [] },
    asksLoader: Bool = false,
    driverFolders: [String] = [], toolkitFolders: [String] = []
  ) {
    self.named = named
    self.packages = packages
    self.asksLoader = asksLoader
    self.driverFolders = driverFolders
    self.toolkitFolders = toolkitFolders
  }

  /// Somewhere to look.
  private enum Place {
    case folder(String)
    case packages
    case loader
  }

  private func places(_ library: SoughtLibrary) -> [Place] {
    let below = ["", "/lib", "/lib64"] + library.packages.map { "/\($0)/lib" }
    let first: [Place] = named.flatMap { folder in below.map { .folder(folder + $0) } }
    let middle: [Place] = library.isDriver || packages == nil ? [] : [.packages]
    let usual = library.isDriver ? driverFolders : toolkitFolders
    return first + middle + (asksLoader ? [.loader] : []) + usual.map { .folder($0) }
  }

  /// Opens the first file of a library.
  ///
  /// - Parameters:
  ///   - library: What is looked for.
  ///   - open: Opens a path or a bare name; answers `nil` and a reason if it cannot.
  /// - Returns: What `open` made, and the path it was given.
  /// - Throws: Where it was looked for in vain, or what is wrong with the file.
  func load<Value>(
    _ library: SoughtLibrary, _ open: (String) -> (value: Value?, reason: String)
  ) throws(CUDABackendError) -> (value: Value, path: String) {
    var searched: [String] = []
    for place in places(library) {
      switch place {
      case .folder(let folder):
        if let found = try load(library, folder, open) { return found }
        searched.append(folder)
      case .packages:
        let folders = packages?() ?? []
        for folder in folders.flatMap({ root in library.packages.map { "\(root)/\($0)/lib" } }) {
          if let found = try load(library, folder, open) { return found }
          searched.append(folder)
        }
        if folders.isEmpty { searched.append("the Python environment (no nvidia packages)") }
      case .loader:
        for file in library.files {
          let (value, reason) = open(file)
          if let value { return (value, file) }
          // The loader speaks of the file itself if it is not there, of another one if that is missing.
          guard reason.hasPrefix("\(file): cannot open shared object file: No such file") else {
            throw .unusableLibrary(library.name, use: library.use, path: file, reason: reason)
          }
        }
        searched.append("the system loader's path")
      }
    }
    if library.isDriver { throw .noDriver(searched: searched) }
    throw .missingLibrary(
      library.name, use: library.use, file: library.files.joined(separator: " or "),
      searched: searched)
  }

  private func load<Value>(
    _ library: SoughtLibrary, _ folder: String,
    _ open: (String) -> (value: Value?, reason: String)
  ) throws(CUDABackendError) -> (value: Value, path: String)? {
    for file in library.files {
      let path = "\(folder)/\(file)"
      guard unsafe access(path, F_OK) == 0 else { continue }
      let (value, reason) = open(path)
      if let value { return (value, path) }
      let prefix = "\(path): "
      throw .unusableLibrary(
        library.name, use: library.use, path: path,
        reason: reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason)
    }
    return nil
  }
}

/// One of NVIDIA's libraries, as files are named.
struct SoughtLibrary {
  /// The name for a reader.
  let name: String
  /// The names of its file, preferred ones first: the number is the version of the interface.
  let files: [String]
  /// The folders of Python packages, below `nvidia`, that hold it.
  let packages: [String]
  /// What there is not without it.
  var use = "CUDA backend"

  /// Whether it comes with the driver rather than with the toolkit.
  var isDriver: Bool { packages.isEmpty }

  static let driver = SoughtLibrary(name: "NVIDIA driver", files: ["libcuda.so.1"], packages: [])
  static let compiler = SoughtLibrary(
    name: "NVRTC", files: ["libnvrtc.so.13", "libnvrtc.so.12"], packages: ["cu13", "cuda_nvrtc"])
  static let matrices = SoughtLibrary(
    name: "cuBLASLt", files: ["libcublasLt.so.13", "libcublasLt.so.12"],
    packages: ["cu13", "cublas"])
  static let convolutions = SoughtLibrary(
    name: "cuDNN", files: ["libcudnn.so.9"], packages: ["cudnn"])
  static let collectives = SoughtLibrary(
    name: "NCCL", files: ["libnccl.so.2"], packages: ["nccl"], use: "several GPUs")
}
