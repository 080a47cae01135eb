import Foundation
import Synchronization

@testable import anneal

/// A console whose streams are kept, with a terminal, variables and a clock of the test's choosing.
final class TestConsole: Sendable {
  private let kept = Mutex((output: "", diagnostics: "", seconds: 0.0))
  let environment: [String: String]
  let terminalColumns: Int?

  /// The part of the process's environment that chooses kernels, so that the commands can be tested
  /// with each variant; a GPU that may be there is not.
  static let kernels = ProcessInfo.processInfo.environment.filter { $0.key == "ANNEAL_KERNELS" }
    .merging(["ANNEAL_CUDA_PATH": "none"]) { $1 }

  init(environment: [String: String] = kernels, terminalColumns: Int? = nil) {
    self.environment = environment
    self.terminalColumns = terminalColumns
  }

  var output: String { kept.withLock { $0.output } }
  var diagnostics: String { kept.withLock { $0.diagnostics } }

  var seconds: Double { kept.withLock { $0.seconds } }

  /// Moves the clock on.
  func wait(_ seconds: Double) {
    kept.withLock { $0.seconds += seconds }
  }

  var console: Console {
    Console(
      output: Console.Stream(
        terminalColumns: { [terminalColumns] in terminalColumns },
        write: { [self] text in kept.withLock { $0.output += text } }),
      diagnostics: Console.Stream(
        terminalColumns: { [terminalColumns] in terminalColumns },
        write: { [self] text in kept.withLock { $0.diagnostics += text } }),
      environment: environment,
      now: { [self] in kept.withLock { $0.seconds } })
  }

  /// Carries out a command line of the program.
  @discardableResult
  func run(_ words: String...) -> ExitCode {
    CommandLineTool().run(words, console: console)
  }
}
