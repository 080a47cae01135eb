import Networks
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Processes of this program that another one of it has started, and waits for.
///
/// They have the command line of the one that starts them and learn from their environment which of them
/// they are. They share its terminal, so that an interrupt typed there comes to all of them, and they end
/// when it is gone.
final class LocalProcesses {
  /// What is started.
  struct Program: Sendable {
    /// The file.
    var path: String
    /// The command line, the program's name first.
    var words: [String]

    /// This process's own.
    static var current: Program {
      #if os(Linux)
      // Whatever has happened to the file's name since.
      let path = "/proc/self/exe"
      #else
      let path = CommandLine.arguments[0]
      #endif
      return Program(path: path, words: CommandLine.arguments)
    }
  }

  /// How a process ended.
  private enum End: Hashable {
    case exit(Int32)
    case signal(Int32)
  }

  /// Seconds that a process may take to end after this one has come to its end.
  private static let patience = 10.0

  /// By rank; those that have ended have an end.
  private var running: [Int: pid_t] = [:]
  private var ends: [Int: End] = [:]

  /// Starts a process for each rank but the first.
  ///
  /// - Parameters:
  ///   - program: What to start.
  ///   - environments: The variables of ranks 1, 2, ….
  /// - Throws: `CommandError` with the system's reason; those that were started are ended.
  init(_ program: Program, environments: [[String: String]]) throws(CommandError) {
    for (index, environment) in environments.enumerated() {
      let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      var process: pid_t = 0
      let code = unsafe Self.withStrings(program.words) { words in
        unsafe Self.withStrings(variables) { variables in
          unsafe posix_spawnp(&process, program.path, nil, nil, words, variables)
        }
      }
      guard code == 0 else {
        throw .failure(
          .unavailable,
          "cannot start process \(index + 1): \(unsafe String(cString: strerror(code)))")
      }
      running[index + 1] = process
    }
  }

  deinit {
    for process in running.values { kill(process, SIGKILL) }
    collect(waits: true)
  }

  /// A process that has ended before it was to.
  var missing: CollectiveError? {
    collect(waits: false)
    return ends.keys.min().flatMap { rank in
      words(for: rank).map { .failed(rank: rank, reason: $0) }
    }
  }

  /// How a process ended; one that is about to is waited for.
  ///
  /// - Parameter rank: The process.
  /// - Returns: The end in words; `nil` for one that has not ended.
  func end(of rank: Int) -> String? {
    wait { running[rank] == nil }
    return words(for: rank)
  }

  /// Waits for all processes; those that do not end are ended.
  ///
  /// - Returns: Those that ended otherwise than with `code`, in words.
  func finish(expecting code: ExitCode) -> [String] {
    wait { running.isEmpty }
    for process in running.values { kill(process, SIGKILL) }
    collect(waits: true)
    return ends.keys.sorted().compactMap { rank in
      guard ends[rank] != .exit(code.rawValue) else { return nil }
      return words(for: rank).map { "process \(rank) ended with \($0)" }
    }
  }

  private func words(for rank: Int) -> String? {
    switch ends[rank] {
    case nil: nil
    case .exit(let code): "exit code \(code)"
    case .signal(let signal): "signal \(signal)"
    }
  }

  /// Waits, for a while, until something is so.
  private func wait(until condition: () -> Bool) {
    let end = ContinuousClock.now + .seconds(Self.patience)
    while true {
      collect(waits: false)
      if condition() || ContinuousClock.now >= end { return }
      Descriptors.wait(reading: [], writing: [], milliseconds: 10)
    }
  }

  private func collect(waits: Bool) {
    for (rank, process) in running {
      var status: CInt = 0
      guard unsafe waitpid(process, &status, waits ? 0 : WNOHANG) == process else { continue }
      running[rank] = nil
      let signal = status & 0x7F
      ends[rank] = signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }
  }

  /// Calls `body` with texts as C has lists of them.
  private static func withStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = unsafe texts.map { unsafe strdup($0) }
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers + [nil])
  }
}
