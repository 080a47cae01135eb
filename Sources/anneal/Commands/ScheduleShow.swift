import Schedules

/// `anneal schedule show`: the values of schedules over a run.
enum ScheduleShow {
  private static let csv = Option.flag("csv", "print a line of values for each step instead")

  static let command = Command(
    name: "show",
    summary: "Show schedules over a run; several of one hyper-parameter are compared",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "lr=…, momentum=…, imageSize=…, or a learning rate alone",
        isRepeatable: true)
    ],
    options: RunLength.options + [
      StandardOptions.figure.declaration, csv.declaration, StandardOptions.json.declaration,
    ],
    examples: [
      "anneal schedule show 'lr=onecycle(peak=0.4,warmup=30%)' \\",
      "  momentum=0.95..0.85@30%,0.85..0.95 --steps 1000",
      "anneal schedule show 0.1..0:cosine '(0.1..0@10ep:cosine)x3' \\",
      "  --epochs 30 --steps-per-epoch 100",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = try ScheduleWords(arguments.positionals)
    let horizon = try RunLength.horizon(arguments)
    let output = ScheduleOutput(curves: try words.curves(over: horizon))
    let figure = try words.figure(over: horizon)
    switch (try arguments(StandardOptions.json), try arguments(csv)) {
    case (true, true): throw CommandError.failure(.usage, "--json and --csv exclude each other")
    case (true, false): try output.printJSON(console)
    case (false, true): try output.printCSV(console)
    case (false, false):
      try output.printCharts(sharesRange: words.isComparison, console)
      try console.print()
      for curve in output.curves {
        // In a comparison the text form often is the word itself.
        let isSame = curve.text == curve.label
        try console.print(isSame ? curve.text : "\(curve.label) = \(curve.text)")
        try console.print("  \(curve.words)")
      }
    }
    try arguments(StandardOptions.figure)?.write(figure, id: "schedule", console)
    return .done
  }
}
