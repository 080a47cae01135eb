/// What the process tells its caller, after the BSD `sysexits` numbers.
enum ExitCode: Int32, CaseIterable, Sendable {
  /// The command did what it was asked to.
  case done = 0
  /// The run itself failed: training diverged.
  case failed = 1
  /// The command line was wrong.
  case usage = 64
  /// An input was read and is not what it should be.
  case badData = 65
  /// An input does not exist or cannot be opened.
  case missingInput = 66
  /// The device asked for is not there.
  case unavailable = 69
  /// A result could not be written.
  case cannotWrite = 74
  /// The run was interrupted and can be resumed.
  case interrupted = 75
}
