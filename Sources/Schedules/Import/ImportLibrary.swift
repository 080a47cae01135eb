/// The schedules of one library that can be translated: a table from its names to ours.
struct ImportLibrary: Sendable {
  let name: String
  var aliases: [String] = []
  let classes: [ImportClass]

  static let all = [
    pytorch, fastai, optax, timm, transformers, keras, composer, ignite, formula, dawnBench,
  ]

  static func named(_ name: String) throws(ScheduleError) -> ImportLibrary {
    if let library = all.first(where: { $0.name == name || $0.aliases.contains(name) }) {
      return library
    }
    throw .unknownImport(
      kind: "library", name: name, nearest: nearestName(to: name, among: all.map(\.name)))
  }

  func importClass(named name: String) throws(ScheduleError) -> ImportClass {
    if let found = classes.first(where: { $0.name == name }) { return found }
    throw .unknownImport(
      kind: "class of \(self.name)", name: name,
      nearest: nearestName(to: name, among: classes.map(\.name)))
  }
}

/// One class of a library: its name, its parameters, and what they mean.
struct ImportClass: Sendable {
  let name: String
  /// Every name that the class accepts; the last ones may be of no consequence for the values.
  let parameters: [String]
  let translate: @Sendable (ImportParameters) throws(ScheduleError) -> ImportedPlan

  init(
    _ name: String, _ parameters: [String],
    translate: @escaping @Sendable (ImportParameters) throws(ScheduleError) -> ImportedPlan
  ) {
    self.name = name
    self.parameters = parameters
    self.translate = translate
  }
}
