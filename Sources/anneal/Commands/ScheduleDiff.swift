import Plotting
import Schedules

/// `anneal schedule diff`: how far two schedules are from each other.
enum ScheduleDiff {
  static let command = Command(
    name: "diff",
    summary: "Measure how far two schedules are from each other",
    positionals: [
      Positional(name: "FIRST", summary: "a schedule, lr=… or a learning rate alone"),
      Positional(name: "SECOND", summary: "another one of the same hyper-parameter"),
    ],
    options: RunLength.options + [StandardOptions.json.declaration],
    examples: [
      "anneal schedule diff 'onecycle(0.1)' 'onecycle(0.1,aligned=pytorch)' \\",
      "  --steps 1000 --closed",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = try ScheduleWords(arguments.positionals)
    let horizon = try RunLength.horizon(arguments)
    // The same word twice is a comparison too: one plan for each word, or one of two schedules.
    let entries = try words.plans.flatMap { try $0.resolved(over: horizon).entries }
    guard entries.count == 2, entries[0].name == entries[1].name else {
      throw CommandError.failure(
        .usage,
        "expected two schedules of one hyper-parameter, found "
          + arguments.positionals.map { "'\($0)'" }.joined(separator: " and "))
    }
    let difference = entries[0].values.difference(from: entries[1].values)
    if try arguments(StandardOptions.json) {
      try console.printJSON(difference)
      return .done
    }
    var table = TextTable(.text(""), .number("first"), .number("second"))
    table.append(
      "value at step \(difference.step)", text(difference.values[0]), text(difference.values[1]))
    table.append("sum over the run", text(difference.sums[0]), text(difference.sums[1]))
    table.append("area above the other", text(difference.areaAbove), text(difference.areaBelow))
    for line in table.lines { try console.print(line) }
    try console.print()
    try console.print(
      difference.differingSteps == 0
        ? "equal at all \(difference.stepCount) steps"
        : "largest gap \(text(difference.largestGap)), at step \(difference.step); "
          + "different at \(difference.differingSteps) of \(difference.stepCount) steps")
    return .done
  }

  private static func text(_ value: Double) -> String { NumberText.significant(value, digits: 6) }
}
