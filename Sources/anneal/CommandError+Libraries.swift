import Datasets
import Kernels
import Schedules
import Training

extension CommandError {
  /// The error as this program reports it: its own errors as they are, a library's by their kind.
  init(reporting error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as DatasetError: self = .failure(error.exitCode, error.description)
    // Schedules in files are reported by what reads the files; these were typed.
    case let error as ScheduleError: self = .failure(.usage, error.description)
    case let error as TrainingError: self = .failure(error.exitCode, error.description)
    case let error as KernelError: self = .failure(error.exitCode, error.description)
    default: self = .cuda(error) ?? .failure(.failed, "\(error)")
    }
  }
}

extension DatasetError {
  fileprivate var exitCode: ExitCode {
    // A path that leads nowhere is a missing input, a name that nobody knows is a slip.
    if case .unknown(let name, _) = self, name.contains("/") { return .missingInput }
    return switch kind {
    case .usage: .usage
    case .missing, .unreadable: .missingInput
    case .malformed: .badData
    case .transfer: .cannotWrite
    }
  }
}

extension TrainingError {
  fileprivate var exitCode: ExitCode {
    switch kind {
    case .usage: .usage
    case .missing: .missingInput
    case .malformed: .badData
    case .unwritable: .cannotWrite
    case .unavailable: .unavailable
    }
  }
}

extension KernelError {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .unknownVariant: .usage
    case .unsupportedVariant: .unavailable
    }
  }
}

extension String {
  /// The text with its line breaks and what indents the lines replaced by single spaces.
  var onOneLine: String {
    split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == " " } }
      .joined(separator: " ")
  }
}
