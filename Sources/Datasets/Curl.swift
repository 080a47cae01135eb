#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// The system's `curl`, which knows proxies, certificates and redirections.
///
/// A program of its own rather than a library: nothing is loaded into this process, and the reader's
/// settings in `~/.curlrc` and the environment hold.
enum Curl {
  /// How a transfer ended.
  enum Outcome: Hashable, Sendable {
    case done
    /// The server cannot send the rest of a file alone.
    case cannotResume
    /// There is no `curl` on this system.
    case missing
    case failed(String)
  }

  /// Downloads a file, going on where an earlier transfer ended.
  ///
  /// - Parameters:
  ///   - url: What to download.
  ///   - path: Where to; what is there already is taken for the beginning.
  /// - Returns: How it ended.
  static func download(_ url: String, to path: String) -> Outcome {
    var words = [
      "curl", "--fail", "--location", "--silent", "--show-error", "--connect-timeout", "30",
      // A transfer that stands still for a minute is broken off; it can be resumed.
      "--speed-limit", "1", "--speed-time", "60", "--continue-at", "-", "--output", path,
    ]
    if ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains(where: url.hasPrefix) {
      words += ["--noproxy", "*"]
    }
    // Not an option, whatever its first character is.
    words += ["--", url]
    // Within single quotes the shell interprets nothing.
    let command =
      words.map {
        "'"
          + $0.split(separator: "'", omittingEmptySubsequences: false)
          .joined(separator: "'\\''") + "'"
      }.joined(separator: " ") + " 2>&1"
    guard let pipe = unsafe popen(command, "r") else { return .missing }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe fread(buffer.baseAddress, 1, buffer.count, pipe)
      }
      guard count > 0 else { break }
      output += chunk[..<count]
    }
    let status = unsafe pclose(pipe)
    // The shell's own: 127 for a command that is not there. curl's: 33 and, for a file that is
    // already longer than the server's, 22 with HTTP 416.
    let message =
      String(decoding: output, as: UTF8.self)
      .split(whereSeparator: \.isNewline).last.map(String.init) ?? "curl ended with \(status)"
    return switch status >> 8 & 0xFF {
    case 0 where status == 0: .done
    case 127: .missing
    case 33: .cannotResume
    case 22 where message.contains("416"): .cannotResume
    default: .failed(message)
    }
  }
}
