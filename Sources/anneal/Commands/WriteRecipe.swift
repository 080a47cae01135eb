import Schedules
import Training

/// `anneal recipe`: writes a training down without carrying it out.
enum WriteRecipe {
  private static let epochs = Option.required(
    "epochs", "E", .count(1...1_000_000), "passes over the training images")
  private static let output = Option.optional(
    "output", "FILE", .file, "where to write it, if not to the terminal"
  ).short("o")

  static let command = Command(
    name: "recipe",
    summary: "Write a training down as a recipe, for 'anneal train RECIPE.json'",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "lr=…, momentum=…, weightDecay=…, imageSize=…",
        isRepeatable: true)
    ],
    options: [epochs.declaration] + RecipeOptions.declarations + [output.declaration]
      + CallbackOptions.declarations,
    borrowed: (CallbackOptions.declarations, from: "anneal train"),
    examples: ["anneal recipe --epochs 5 'lr=onecycle(peak=0.4)' momentum=0.9 -o recipe.json"],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let recipe = try CallbackOptions.override(
      RecipeOptions.recipe(
        arguments, epochs: try arguments(epochs), plan: Plan(words: arguments.positionals)),
      with: arguments)
    try recipe.validate()
    let text = try recipe.json()
    if let file = try arguments(output) {
      try ResultFile.write(text, to: file)
    } else {
      try console.print(String(text.dropLast()))
    }
    return .done
  }
}
