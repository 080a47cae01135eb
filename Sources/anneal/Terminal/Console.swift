#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a command writes, and what it knows of its surroundings.
///
/// Results go to `output`, progress and errors to `diagnostics`. Commands touch the process through this
/// value only, so that tests run them in process with streams, variables and a clock of their own.
struct Console: Sendable {
  /// One output stream.
  struct Stream: Sendable {
    /// The width of the terminal behind the stream, `nil` when there is none.
    var terminalColumns: @Sendable () -> Int?
    var write: @Sendable (String) throws(CommandError) -> Void
  }

  var output: Stream
  var diagnostics: Stream
  /// The environment variables.
  var environment: [String: String]
  /// Seconds on a clock that never goes back.
  var now: @Sendable () -> Double
  /// What starts this program once more; `nil` where a test carries commands out.
  var program: LocalProcesses.Program?

  /// The same surroundings, to which nothing is said.
  var silenced: Console {
    var console = self
    let nothing = Stream(terminalColumns: { nil }, write: { _ in })
    (console.output, console.diagnostics) = (nothing, nothing)
    return console
  }

  /// The columns that output may fill: the terminal's, else `COLUMNS`, else 80.
  func columns(of stream: Stream) -> Int {
    let declared = environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return max(20, stream.terminalColumns() ?? declared)
  }

  /// Whether lines on `stream` can be redrawn in place.
  func isInteractive(_ stream: Stream) -> Bool {
    stream.terminalColumns() != nil && environment["TERM"] != "dumb"
  }

  /// Whether `stream` is given colours; a `NO_COLOR` that is not empty turns them off.
  func usesColor(_ stream: Stream) -> Bool {
    isInteractive(stream) && environment["NO_COLOR", default: ""].isEmpty
  }

  /// Writes a line of the result.
  func print(_ line: String = "") throws(CommandError) {
    try output.write(line + "\n")
  }

  /// Writes a line about the progress of the work.
  ///
  /// One that cannot be written is not missed: the result decides how the command ends.
  func report(_ line: String) {
    try? diagnostics.write(line + "\n")
  }

  /// Writes `value` as the one JSON value of the result, its keys sorted.
  func printJSON(_ value: some Encodable) throws {
    try print(String(decoding: JSONEncoder.ofResults.encode(value), as: UTF8.self))
  }
}

extension JSONEncoder {
  /// A new encoder for what the program says.
  static var ofResults: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // JSON has no such numbers; a result that holds one is still to be shown rather than lost.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
