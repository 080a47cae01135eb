import Plotting
import Schedules

/// `anneal schedule splice`: what a change in the middle of a run does.
enum ScheduleSplice {
  private static let instant = Option.required(
    "at", "SPAN", .span, "the time until the change, such as 40ep or 60%")
  private static let previous = Option.optional(
    "was", "N", .count(1...RunLength.limit), "updates of the run that OLD was made for")

  static let command = Command(
    name: "splice",
    summary: "Go on with another schedule, and see the jump that makes",
    positionals: [
      Positional(name: "OLD", summary: "the schedule until the change"),
      Positional(name: "NEW", summary: "what takes over for the remainder"),
    ],
    options: [instant.declaration, previous.declaration] + RunLength.options + [
      StandardOptions.json.declaration
    ],
    examples: [
      "anneal schedule splice 'onecycle(0.1)' '0.05@1ep,0.05..0' --at 40ep \\",
      "  --epochs 90 --steps-per-epoch 100 --was 7000",
    ],
    action: .run(run))

  private struct Report: Encodable {
    var schedule: String
    var step: Int
    var before: Double
    var after: Double
    var jump: Double
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = try ScheduleWords(arguments.positionals)
    let horizon = try RunLength.horizon(arguments)
    let entries = words.plans.flatMap(\.entries)
    guard words.isComparison, entries.count == 2, entries[0].name == entries[1].name else {
      throw CommandError.failure(
        .usage,
        "expected two schedules of one hyper-parameter, found "
          + arguments.positionals.map { "'\($0)'" }.joined(separator: " and "))
    }
    let past = try arguments(previous).map { count in
      var past = horizon
      past.stepCount = count
      return past
    }
    let splice = try entries[0].schedule.splice(
      at: try arguments(instant), with: entries[1].schedule, over: horizon, was: past)
    if try arguments(StandardOptions.json) {
      try console.printJSON(
        Report(
          schedule: splice.schedule.description, step: splice.step, before: splice.before,
          after: splice.after, jump: splice.jump))
      return .done
    }
    try console.print(splice.schedule.description)
    try console.print(
      "at step \(splice.step) the value is \(text(splice.after)) instead of "
        + "\(text(splice.before)), "
        + (splice.jump == 0 ? "no jump" : "a jump of \(text(splice.jump))"))
    return .done
  }

  private static func text(_ value: Double) -> String { NumberText.significant(value, digits: 6) }
}

extension ValueKind where Value == Span {
  /// An amount of training.
  fileprivate static var span: ValueKind {
    ValueKind(expected: "a length such as 40ep, 60% or 2000st") { Span($0) }
  }
}
