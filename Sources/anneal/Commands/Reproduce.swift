import Datasets
import Plotting
import Schedules
import Studies
import Training

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `anneal reproduce`: answers a question of the literature with runs of its own.
enum Reproduce {
  private static let study = ValueKind.choice(Study.allCases) { $0.rawValue }
  private static let list = Option.flag("list", "list the studies")
  private static let seeds = Option.optional(
    "seeds", "N", .count(1...10_000), "repeat with N seeds and give intervals")
  private static let epochs = Option.optional(
    "epochs", "E", .count(1...10_000), "epochs of the equal budget")
  private static let data = Option.optional(
    "data", "DATA", .text, "other data: a data set's name, or a folder"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  private static let output = Option.optional(
    "output", "DIR", .directory, "folder of the report (default: a new anneal-report)"
  ).short("o")

  static let command = Command(
    name: "reproduce",
    summary: "Answer a question of the literature with runs of your own",
    positionals: [
      Positional(
        name: "STUDY", summary: "super-convergence unless another is named", isRequired: false,
        completion: study.completion)
    ],
    options: [
      list.declaration, seeds.declaration, epochs.declaration, data.declaration,
      StandardOptions.threads.declaration,
    ] + RecipeOptions.backends + [output.declaration, StandardOptions.json.declaration],
    examples: ["anneal reproduce --seeds 3 --output report"],
    action: .run(run))

  private struct Listed: Encodable {
    var name: String
    var summary: String
    var source: String
  }

  private struct Result: Encodable {
    struct Regime: Encodable {
      var name: String
      var epochs: Int
      var plan: [String]
      /// One for each seed; `null` for a run that diverged.
      var testAccuracy: [Double?]
      var wallSeconds: [Double]
    }

    var study: String
    var settings: SuperConvergence
    var peak: Suggestion
    var regimes: [Regime]
    var accuracyGain: Sample?
    var epochsToEqualAccuracy: [Int?]
    var epochRatio: Sample?
    var sentences: [String]
    var folder: String
    var files: [String]
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let chosen = try study.value(
      of: arguments.positionals.first ?? Study.superConvergence.rawValue, option: "STUDY")
    if try arguments(list) { return try printList(arguments, console) }
    switch chosen {
    case .superConvergence: return try superConvergence(arguments, console)
    }
  }

  private static func printList(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let rows = Study.allCases.map {
      Listed(name: $0.rawValue, summary: $0.summary, source: $0.source)
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(rows)
      return .done
    }
    for row in rows { try console.print("\(row.name)  \(row.summary) (\(row.source))") }
    return .done
  }

  private static func superConvergence(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    var settings = try StudySettings.read(SuperConvergence.self, of: .superConvergence)
    if let seeds = try arguments(seeds) { settings.seeds = seeds }
    if let epochs = try arguments(epochs) { settings.epochs = epochs }
    if let data = try arguments(data) { settings.data = data }
    let choice = try BackendChoice.read(
      arguments, threads: try arguments(StandardOptions.threads), console)
    let dataset = try Dataset.load(settings.data)
    let folder = try ReportFolder(try arguments(output))

    console.report("\(Study.superConvergence.summary) (\(choice.description))")
    let display = StudyDisplay(console, of: settings)
    let outcome = try settings.run(
      on: dataset, backend: choice.backend, folder: folder.runs, observe: display.show)
    display.finish()

    var files: [String] = []
    let report = outcome.report(command: words(arguments).joined(separator: " "))
    try folder.write(report.html, "report.html", &files)
    for (name, figure) in outcome.figures {
      try folder.write(figure.svg(id: name), "\(name).svg", &files)
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(result(outcome, folder: folder.path, files: files))
    } else {
      try printOutcome(outcome, console)
      try console.print()
      try console.print("\(folder.path): \(files.joined(separator: ", "))")
    }
    guard let failure = outcome.failure else { return .done }
    throw CommandError.failure(.failed, failure)
  }

  private static func printOutcome(
    _ outcome: SuperConvergence.Outcome, _ console: Console
  ) throws(CommandError) {
    var table = TextTable(
      columns: SuperConvergence.Outcome.tableHeader.enumerated().map {
        $0 == 0 ? .text($1) : .number($1)
      })
    for row in outcome.tableRows { table.append(row) }
    for line in table.lines { try console.print(line) }
    try console.print()
    for (name, words) in outcome.regimePlans {
      try console.print("\(name): \(words.joined(separator: " "))")
    }
    try console.print()
    for sentence in outcome.sentences { try console.print(sentence) }
  }

  private static func result(
    _ outcome: SuperConvergence.Outcome, folder: String, files: [String]
  ) -> Result {
    Result(
      study: Study.superConvergence.rawValue, settings: outcome.study, peak: outcome.peak,
      regimes: outcome.regimes.compactMap { runs in
        runs.first.map { run in
          Result.Regime(
            name: run.name, epochs: run.recipe.epochs, plan: run.recipe.plan.words,
            testAccuracy: runs.map(\.testAccuracy), wallSeconds: runs.map(\.wallSeconds))
        }
      },
      accuracyGain: outcome.accuracyGain, epochsToEqualAccuracy: outcome.epochsToEqualAccuracy,
      epochRatio: outcome.epochRatio, sentences: outcome.sentences, folder: folder, files: files)
  }

  /// The command that does this again, without what only concerns this machine.
  private static func words(_ arguments: Arguments) -> [String] {
    var words = ["anneal", "reproduce", Study.superConvergence.rawValue]
    for option in [seeds.declaration, epochs.declaration, data.declaration] {
      for value in arguments.words[option.name] ?? [] { words += [option.spelling, value] }
    }
    return words
  }
}
