import Plotting
import Studies
import Training

/// `anneal plot`: the losses and accuracies of runs as a picture.
enum PlotRuns {
  private static let output = Option.required(
    "output", "FILE.svg", .file, "where to write the picture"
  ).short("o")

  static let command = Command(
    name: "plot",
    summary: "Draw runs: training loss and test accuracy over the epochs",
    positionals: [Compare.runs],
    options: [output.declaration],
    examples: ["anneal plot runs/* -o runs.svg"],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let path = try arguments(output)
    guard path.hasSuffix(".svg") else {
      throw CommandError.invalidValue(
        option: "--output", value: path, expected: "the path of an .svg file", suggestion: nil)
    }
    let records = try arguments.positionals.map { path throws(TrainingError) in
      try RunRecord(folder: path)
    }
    if let empty = records.firstIndex(where: { $0.log.steps.isEmpty }) {
      throw CommandError.failure(
        .badData, "expected the record of a step in \(arguments.positionals[empty]), found none")
    }
    let figure = RunsFigure(
      title: "Training loss and test accuracy",
      runs: records.map { RunsFigure.Run(name: $0.name, logs: [$0.log], includesSteps: true) }
    ).figure
    try ResultFile.write(figure.svg(id: "runs"), to: path)
    console.report("wrote \(path)")
    return .done
  }
}
