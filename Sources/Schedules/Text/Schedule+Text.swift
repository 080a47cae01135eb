extension Schedule {
  /// Reads a schedule's text form, in which presets may be named too: `onecycle(peak=0.4,warmup=30%)`.
  ///
  /// The grammar is in <doc:Text>.
  ///
  /// - Parameters:
  ///   - text: A schedule's text form.
  ///   - curves: Curves of your own that the text may name.
  /// - Throws: A ``ScheduleError`` with the column, what was expected there and what was found.
  public init(parsing text: String, curves: [Curve] = []) throws(ScheduleError) {
    var parser = ScheduleParser(text, curves: curves)
    self = try parser.wholeSchedule()
  }
}

extension Schedule: LosslessStringConvertible {
  /// Reads a schedule's text form; nothing if it is not one.
  public init?(_ description: String) {
    guard let schedule = try? Schedule(parsing: description) else { return nil }
    self = schedule
  }

  /// The text form, which reads back as an equal schedule.
  ///
  /// `0.004..0.1@30%:cosine,0.1..4e-07:cosine`; see <doc:Text> for the grammar.
  public var description: String {
    switch node {
    case .hold(let value, let span):
      return formatted(value) + Schedule.suffix(span)
    case .ramp(let from, let to, let span, let curve):
      return "\(formatted(from))..\(formatted(to))" + Schedule.suffix(span)
        + (curve == .linear ? "" : ":\(curve)")
    case .table(let values, let span):
      return "{" + values.map(formatted).joined(separator: ",") + "}" + Schedule.suffix(span)
    case .sequence(let parts):
      return parts.map(\.description).joined(separator: ",")
    case .repeated(let inner, let repetition):
      return "(\(inner))\(repetition)"
    case .scaled(let inner, let factor):
      return "(\(inner))*\(formatted(factor))"
    case .combined(let operation, let parts):
      return parts.map { "(\($0))" }.joined(separator: operation.rawValue)
    case .clamped(let inner, let lower, let upper):
      return "(\(inner))[\(formatted(lower))..\(formatted(upper))]"
    case .limited(let inner, let span, let run):
      return "(\(inner))until(\(span)" + (run.map { ",\($0)st" } ?? "") + ")"
    case .reversed(let inner):
      return "(\(inner))reversed"
    case .rounded(let inner, let multiple):
      return "(\(inner))round(\(multiple))"
    }
  }

  private static func suffix(_ span: Span) -> String { span == .remainder ? "" : "@\(span)" }
}

extension Schedule.Repetition: CustomStringConvertible {
  var description: String {
    "x" + (count.map(String.init) ?? "")
      + (stretch == 1 ? "" : "^\(formatted(stretch))")
      + (decay == 1 ? "" : "~\(formatted(decay))")
      + (target == .amplitude ? "" : ":\(target.rawValue)")
  }
}

// MARK: - Spans

extension Span: LosslessStringConvertible {
  /// Reads a span's text form: `30%-1st`.
  ///
  /// - Throws: A ``ScheduleError`` with the column, what was expected there and what was found.
  public init(parsing text: String) throws(ScheduleError) {
    var parser = ScheduleParser(text, curves: [])
    self = try parser.span()
    parser.scanner.skipSpaces()
    guard parser.scanner.isAtEnd else {
      throw parser.scanner.failure(expected: "'+', '-' or the end")
    }
  }

  /// Reads a span's text form; nothing if it is not one.
  public init?(_ description: String) {
    guard let span = try? Span(parsing: description) else { return nil }
    self = span
  }
}
