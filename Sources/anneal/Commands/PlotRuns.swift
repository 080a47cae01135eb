import Plotting
import Schedules
import Studies
import Training

/// `anneal plot`: the losses, accuracies, learning rates and momenta of runs, as a picture or a page.
enum PlotRuns {
  private static let output = Option.required(
    "output", "FILE", .figure, "a picture (.svg), or a page to explore (.html)"
  ).short("o")

  static let command = Command(
    name: "plot",
    summary: "Draw runs: loss, accuracy and schedules over the epochs",
    positionals: [Compare.runs],
    options: [output.declaration],
    examples: ["anneal plot runs/* -o runs.svg", "anneal plot runs/a runs/b -o runs.html"],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let file = try arguments(output)
    let records = try arguments.positionals.map { path throws(TrainingError) in
      try RunRecord(folder: path)
    }
    if let empty = records.firstIndex(where: { $0.log.steps.isEmpty }) {
      throw CommandError.failure(
        .badData, "expected the record of a step in \(arguments.positionals[empty]), found none")
    }
    let figure = RunsFigure(
      title: "Training loss and test accuracy",
      runs: records.map { record in
        let hasOneBatch = record.recipe.plan[.batchSize] == nil
        return RunsFigure.Run(
          name: record.name, logs: [record.log], includesSteps: true,
          batch: hasOneBatch ? record.recipe.batch : nil)
      }
    ).figure
    try file.write(figure, id: "runs", console)
    return .done
  }
}
