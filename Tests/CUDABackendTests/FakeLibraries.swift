import Foundation
import Synchronization
import Testing

@testable import CUDABackend

/// A folder with libraries that stand for NVIDIA's, for one test.
final class FakeLibraries {
  /// One of the libraries.
  enum Part: String, CaseIterable {
    case driver = "libcuda.so.1"
    case compiler = "libnvrtc.so.13"
    case builtins = "libnvrtc-builtins.so.13.0"
    case matrices = "libcublasLt.so.13"
    case convolutions = "libcudnn.so.9"
    case collectives = "libnccl.so.2"

    var source: String? {
      switch self {
      case .driver: "FakeDriver.c"
      case .compiler: "FakeNVRTC.c"
      case .convolutions: "FakeCUDNN.c"
      case .collectives: "FakeNCCL.c"
      case .builtins, .matrices: nil
      }
    }
  }

  /// What the test's folder is below of.
  private static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  let folder: String

  /// Puts libraries into a folder.
  ///
  /// A copy is a library of its own to the loader, so that tests do not share what they count.
  ///
  /// - Parameters:
  ///   - parts: Which.
  ///   - defines: What the C sources are told: `DEVICE_COUNT=0`.
  /// - Throws: What clang or the file system refuses.
  init(_ parts: [Part] = Part.allCases, defines: [String] = []) throws {
    folder = try Self.newFolder()
    for part in parts {
      let built = try Self.built.withLock { built in
        if let path = built[[part.rawValue] + defines] { return path }
        let path = try Self.compile(part, defines)
        built[[part.rawValue] + defines] = path
        return path
      }
      try FileManager.default.copyItem(atPath: built, toPath: "\(folder)/\(part.rawValue)")
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The libraries that were compiled, by their names and what they were told.
  private static let built = Mutex<[[String]: String]>([:])

  private static func newFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("anneal-cuda-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  private static func compile(_ part: Part, _ defines: [String]) throws -> String {
    let fixtures = package.appendingPathComponent("Tests/CUDABackendTests/Fixtures")
    let headers = package.appendingPathComponent("Sources/CCUDA/include")
    let source = part.source.map { fixtures.appendingPathComponent($0).path }
    let path = "\(try newFolder())/\(part.rawValue)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["clang", "-w", "-D_GNU_SOURCE", "-shared", "-fPIC", "-I", headers.path]
      + defines.map { "-D\($0)" } + ["-o", path, "-x", "c", source ?? "/dev/null"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "clang does not compile \(part.rawValue)")
    return path
  }

  /// Where the libraries are found, and nothing else.
  var search: LibrarySearch { LibrarySearch(named: [folder]) }

  /// The environment with a folder of caches of the test's own.
  var environment: [String: String] { ["XDG_CACHE_HOME": "\(folder)/cache"] }

  /// What was called since the log was last read.
  func takeLog() -> [String] {
    let path = "\(folder)/log"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: path)
    return text.split(separator: "\n").map(String.init)
  }

  /// Writes a file among the libraries.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  /// A session on the first of the fake GPUs.
  func session(
    _ numerics: ConvolutionNumerics = ConvolutionNumerics()
  ) throws(CUDABackendError) -> DeviceSession {
    try DeviceSession(search, device: 0, numerics, environment: environment)
  }

  /// A machine on the first of the fake GPUs.
  func machine(
    _ numerics: ConvolutionNumerics = ConvolutionNumerics()
  ) throws(CUDABackendError) -> CUDAMachine {
    try CUDAMachine(try session(numerics)) { preconditionFailure($0.description) }
  }
}
