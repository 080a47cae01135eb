import Schedules

/// `anneal schedule import`: another library's schedule in this program's words.
enum ScheduleImport {
  static let command = Command(
    name: "import",
    summary: "Translate another library's schedule; --json lists its values",
    positionals: [
      Positional(
        name: "LIBRARY.CLASS", summary: "torch.OneCycleLR, fastai.fit_one_cycle, …",
        completion: .words(ImportedPlan.supported)),
      Positional(name: "PARAMS", summary: "its arguments as a JSON object", isRequired: false),
    ],
    options: [RunLength.steps.declaration, StandardOptions.json.declaration],
    examples: [
      "anneal schedule import torch.OneCycleLR \\",
      "  '{\"max_lr\": 0.1, \"total_steps\": 1000}'",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let name = arguments.positionals[0]
    guard let dot = name.firstIndex(of: ".") else {
      throw CommandError.invalidValue(
        option: "LIBRARY.CLASS", value: name, expected: "a library, a dot and a class",
        suggestion: nearestName(to: name, in: ImportedPlan.supported))
    }
    let asked = try arguments(RunLength.steps)
    let imported = try ImportedPlan(
      library: String(name[..<dot]), class: String(name[name.index(after: dot)...]),
      parameters: try parameters(arguments.positionals.dropFirst().first ?? "{}"), steps: asked)
    guard try arguments(StandardOptions.json) else {
      for word in imported.plan.words { try console.print(word) }
      return .done
    }
    guard let steps = asked ?? imported.stepCount else {
      throw CommandError.failure(
        .usage, "the parameters state no length of the run, and --steps N is missing")
    }
    guard steps <= RunLength.limit else {
      throw CommandError.failure(
        .usage, "expected a run of at most \(RunLength.limit) steps, found \(steps)")
    }
    var values: [String: [Double]] = [:]
    for (own, entry) in zip(try imported.values(steps: steps), imported.plan.entries) {
      values[entry.qualifiedName] = own.values
    }
    try ScheduleOutput.printJSON(values, steps: steps, console)
    return .done
  }

  private static func parameters(_ text: String) throws -> [String: JSONValue] {
    guard case .object(let parameters) = try JSONValue(parsing: text) else {
      throw CommandError.invalidValue(
        option: "PARAMS", value: text, expected: "a JSON object such as {\"max_lr\": 0.1}",
        suggestion: nil)
    }
    return parameters
  }
}
