#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// The Python environment whose packages `nvidia-…` bring NVIDIA's libraries.
enum PythonEnvironment {
  /// The folders `nvidia` in which such packages lie, those that exist.
  ///
  /// - Parameter virtual: The folder of a virtual environment; `nil` or empty asks `python3`.
  /// - Returns: Folders that exist.
  static func packageFolders(virtual: String?) -> [String] {
    let folders =
      if let virtual, !virtual.isEmpty { siteFolders(in: virtual) } else { pathOfPython() }
    return folders.map { "\($0)/nvidia" }.filter { unsafe access($0, F_OK) == 0 }
  }

  /// The folders of packages of a virtual environment, one for each version of Python.
  private static func siteFolders(in environment: String) -> [String] {
    let libraries = "\(environment)/lib"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
    return names.filter { $0.hasPrefix("python3") }.sorted()
      .map { "\(libraries)/\($0)/site-packages" }
  }

  /// Where the shell's `python3` looks for packages; nothing without one.
  private static func pathOfPython() -> [String] {
    let command = "python3 -c 'import sys; print(*sys.path, sep=chr(10))' 2>/dev/null"
    guard let pipe = unsafe popen(command, "r") else { return [] }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe fread(buffer.baseAddress, 1, buffer.count, pipe)
      }
      guard count > 0 else { break }
      output += chunk[..<count]
    }
    guard unsafe pclose(pipe) == 0 else { return [] }
    return String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init).filter { $0.hasPrefix("/") }
  }
}
