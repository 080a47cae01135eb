#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Another program's training benchmark, run through the shell.
struct PeerCommand: Sendable {
  /// What the shell is given.
  let command: String

  private struct Report: Decodable {
    var imagesPerSecond: Double?
    var torchImagesPerSecond: Double?

    enum CodingKeys: String, CodingKey {
      case imagesPerSecond
      case torchImagesPerSecond = "images_per_s"
    }
  }

  /// Runs the command once and reads the rate it prints.
  ///
  /// - Returns: Images per second, from the member `imagesPerSecond` or `images_per_s` of the JSON
  ///   object on the command's standard output.
  /// - Throws: `CommandError` when it fails or prints no such object.
  func imagesPerSecond() throws(CommandError) -> Double {
    guard let pipe = unsafe popen(command, "r") else {
      throw .failure(.missingInput, "cannot run '\(command)'")
    }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe fread(buffer.baseAddress, 1, buffer.count, pipe)
      }
      guard count > 0 else { break }
      output += chunk[..<count]
    }
    let status = unsafe pclose(pipe)
    guard status == 0 else {
      throw .failure(.failed, "'\(command)' failed with status \(status >> 8 & 0xff)")
    }
    let report = try? JSONDecoder().decode(Report.self, from: Data(output))
    guard let rate = report?.imagesPerSecond ?? report?.torchImagesPerSecond, rate > 0 else {
      throw .failure(
        .badData,
        "expected a JSON object with imagesPerSecond or images_per_s from '\(command)', "
          + "found '\(String(decoding: output.prefix(60), as: UTF8.self))'")
    }
    return rate
  }
}
