/// What can be wrong with a schedule, its text, or the run it is meant for.
public enum ScheduleError: Error, Hashable, Sendable {
  /// The run has no steps, or more than can be counted.
  case runLength(steps: Int)
  /// A ratio of the horizon is not a positive number.
  case ratio(name: String, value: Double)
  /// A phase is measured in a unit whose ratio the horizon does not have.
  case unitNeeds(_ ratio: String, phase: String)
  /// A phase would be shorter than nothing.
  case negativeSpan(phase: String, steps: Double)
  /// A phase ends after the run does.
  case longerThanRun(phase: String, end: Double, steps: Int)
  /// An exponential ramp begins or ends at zero, or changes sign.
  case exponentialThroughZero(phase: String)
  /// A repetition without an end has cycles of no length.
  case emptyCycle(phase: String)
  /// A schedule without phases.
  case noPhases
  /// A parameter of a phase is out of its range.
  case parameter(phase: String, name: String, value: Double, expected: String)
  /// A value is infinite or not a number.
  case notFinite(step: Int, value: Double)
  /// A hyper-parameter leaves its range.
  case outOfRange(key: String, step: Int, value: Double, expected: String)
  /// A hyper-parameter is proportional to one that cannot be followed.
  case proportion(key: String, to: String, problem: String)
  /// A plan schedules the same hyper-parameter twice for the same group.
  case duplicateKey(String)
  /// Text that does not follow the grammar; columns count from 1.
  case syntax(column: Int, expected: String, found: String, text: String)
  /// A name that means nothing; `nearest` is the closest one that does.
  case unknownName(kind: String, name: String, nearest: String?, column: Int, text: String)
  /// A library, a class or a parameter that cannot be imported; `nearest` is the closest one that can.
  case unknownImport(kind: String, name: String, nearest: String?)
  /// A parameter of an imported class that is missing, of the wrong kind or out of its range.
  case importedParameter(of: String, name: String, expected: String, found: String)
  /// Points, or parameters, that make no range test.
  case rangeTest(expected: String, found: String)
  /// A plan that cannot be written in another form.
  case export(to: String, expected: String, found: String)
  /// Schedules inside schedules, deeper than anybody would write.
  case tooDeep(limit: Int)
}

extension ScheduleError: CustomStringConvertible {
  /// What was expected, what was found and where.
  public var description: String {
    switch self {
    case .runLength(let steps):
      "expected a run of 1 to \(Horizon.maximumStepCount) steps, found \(steps)"
    case .ratio(let name, let value):
      "expected a positive number for \(name), found \(formatted(value))"
    case .unitNeeds(let ratio, let phase):
      "\(phase) needs \(ratio), which the horizon does not have"
    case .negativeSpan(let phase, let steps):
      "\(phase) would last \(rounded(steps)) steps; expected no less than 0"
    case .longerThanRun(let phase, let end, let steps):
      "\(phase) ends at step \(rounded(end)), but the run has \(steps) steps"
    case .exponentialThroughZero(let phase):
      "\(phase) cannot be exponential: expected two values of one sign, neither of them 0"
    case .emptyCycle(let phase):
      "\(phase) repeats without end; expected a cycle longer than 0 steps"
    case .noPhases:
      "expected at least one phase, found none"
    case .parameter(let phase, let name, let value, let expected):
      "\(phase): expected \(expected) for \(name), found \(formatted(value))"
    case .notFinite(let step, let value):
      "expected a finite value at step \(step), found \(formatted(value))"
    case .outOfRange(let key, let step, let value, let expected):
      "\(key) is \(formatted(value)) at step \(step); expected \(expected)"
    case .proportion(let key, let other, let problem):
      "\(key) is proportional to \(other), which \(problem)"
    case .duplicateKey(let key):
      "\(key) is scheduled twice"
    case .syntax(let column, let expected, let found, let text):
      "expected \(expected) at column \(column) of '\(text)', found \(found)"
    case .unknownName(let kind, let name, let nearest, let column, let text):
      "unknown \(kind) '\(excerpt(name))' at column \(column) of '\(text)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .unknownImport(let kind, let name, let nearest):
      "unknown \(kind) '\(excerpt(name))'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .importedParameter(let className, let name, let expected, let found):
      "\(className): expected \(expected) for \(name), found \(excerpt(found))"
    case .rangeTest(let expected, let found):
      "range test: expected \(expected), found \(found)"
    case .export(let form, let expected, let found):
      "export to \(form): expected \(expected), found \(found)"
    case .tooDeep(let limit):
      "expected schedules nested at most \(limit) deep, found more"
    }
  }

  /// The beginning of what somebody wrote, which may be a megabyte.
  private func excerpt(_ text: String) -> String {
    text.utf8.count > 80 ? String(text.unicodeScalars.prefix(60)) + "…" : text
  }

  /// Lengths to a thousandth of a step: an error says where, not to the last bit.
  private func rounded(_ steps: Double) -> String {
    abs(steps) < 1e12 ? formatted((steps * 1000).rounded() / 1000) : formatted(steps)
  }
}
