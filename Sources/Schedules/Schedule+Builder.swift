/// Collects phases in the order of time; `if` and `for` are Swift's own.
@resultBuilder
public enum ScheduleBuilder {
  /// One phase, or a whole schedule in the place of one.
  public static func buildExpression(_ phase: some Phase) -> [Schedule] { [phase.schedule] }

  /// Phases one after the other.
  public static func buildBlock(_ parts: [Schedule]...) -> [Schedule] { parts.flatMap { $0 } }

  /// Phases that may be absent.
  public static func buildOptional(_ part: [Schedule]?) -> [Schedule] { part ?? [] }

  /// The first branch of a choice.
  public static func buildEither(first part: [Schedule]) -> [Schedule] { part }

  /// The second branch of a choice.
  public static func buildEither(second part: [Schedule]) -> [Schedule] { part }

  /// The phases of a loop.
  public static func buildArray(_ parts: [[Schedule]]) -> [Schedule] { parts.flatMap { $0 } }

  /// The schedule made of the phases.
  public static func buildFinalResult(_ parts: [Schedule]) -> Schedule { .sequence(parts) }
}

extension Schedule {
  /// Phases in the order of time.
  public init(@ScheduleBuilder _ phases: () -> Schedule) { self = phases() }

  /// Schedules one after the other.
  ///
  /// Sequences inside a sequence are flattened and a sequence of one is that one: the value does not
  /// depend on bracketing.
  public static func sequence(_ parts: [Schedule]) -> Schedule {
    let flat = parts.flatMap { part in
      if case .sequence(let inner) = part.node { inner } else { [part] }
    }
    return flat.count == 1 ? flat[0] : Schedule(node: .sequence(flat))
  }
}
