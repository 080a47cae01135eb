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

extension Console {
  /// The streams, variables and clock of this process.
  static func process() -> Console {
    let start = ContinuousClock.now
    return Console(
      output: .descriptor(STDOUT_FILENO, "standard output"),
      diagnostics: .descriptor(STDERR_FILENO, "standard error"),
      environment: ProcessInfo.processInfo.environment,
      now: { (ContinuousClock.now - start) / .seconds(1) },
      program: .current)
  }
}

extension Console.Stream {
  fileprivate static func descriptor(_ descriptor: Int32, _ name: String) -> Console.Stream {
    Console.Stream(
      terminalColumns: { columns(behind: descriptor) },
      write: { (text) throws(CommandError) in
        guard writeAll(text, to: descriptor) else {
          throw .failure(.cannotWrite, "cannot write to \(name)")
        }
      })
  }
}

/// Writes the whole text, whatever the pieces the system takes it in.
func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress, buffer.count)
    }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else { return false }
    bytes = bytes.dropFirst(written)
  }
  return true
}

/// The width of the terminal behind a file descriptor, `nil` when it is not one.
private func columns(behind descriptor: Int32) -> Int? {
  guard isatty(descriptor) == 1 else { return nil }
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}
