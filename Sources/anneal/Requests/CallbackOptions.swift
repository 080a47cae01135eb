import Training

/// The options of the callbacks that a recipe can name, one for each row of their catalogue.
enum CallbackOptions {
  private static let options = CallbackCatalog.entries.map { entry in
    Option.optional(
      entry.name, entry.metavariable,
      ValueKind(expected: entry.expected) { try? RecipeCallback(name: entry.name, text: $0) },
      entry.summary)
  }

  static let declarations = options.map(\.declaration)

  /// A recipe with the callbacks that were typed, in the place of those of the same name.
  static func override(_ recipe: Recipe, with arguments: Arguments) throws(CommandError) -> Recipe {
    var recipe = recipe
    for option in options {
      guard let typed = try arguments(option) else { continue }
      if let index = recipe.callbacks.firstIndex(where: { $0.name == typed.name }) {
        recipe.callbacks[index] = typed
      } else {
        recipe.callbacks.append(typed)
      }
    }
    return recipe
  }
}
