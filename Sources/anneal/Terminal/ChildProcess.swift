#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Another program that is run to its end, without a shell in between.
struct ChildProcess: Sendable {
  /// Where a program's output goes.
  enum Output: Sendable {
    /// To the diagnostics of this process: results are this program's own.
    case diagnostics
    /// Nowhere.
    case nowhere
  }

  /// The program, looked for on the `PATH` unless it has a slash, and its arguments.
  let words: [String]

  /// Runs the program and waits for its end.
  ///
  /// - Returns: Its exit code; 128 and the signal's number where a signal has ended it; nil where there is
  ///   no such program.
  func run(output: Output = .diagnostics) -> Int32? {
    guard let program = words.first else { return nil }
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    #else
    var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    switch output {
    case .diagnostics:
      unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    case .nowhere:
      for file in [STDOUT_FILENO, STDERR_FILENO] {
        unsafe posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0)
      }
    }
    var number = pid_t()
    guard unsafe posix_spawnp(&number, program, &actions, nil, &arguments, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}
