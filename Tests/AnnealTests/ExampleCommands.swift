@testable import anneal

/// A command table with every kind of row, so that the parser's tests do not follow the program's own.
enum ExampleCommands {
  static let steps = Option.required("steps", "N", .count(), "updates of the run")
  static let rate = Option.value("rate", "RATE", .positive, default: "0.1", "learning rate")
  static let offset = Option.optional("offset", "X", number, "a number of either sign")
  static let seed = Option.value("seed", "S", .seed, default: "0", "seed of the run")
  static let kind = Option.value(
    "kind", "K", .choice(["linear", "cosine"]), default: "linear", "curve")
  static let output = Option.optional("output", "FILE", .file, "where to write").short("o")
  static let tag = Option.repeated("tag", "WORD", .text, "a label")
  static let json = Option.flag("json", "print one JSON value")

  static let number = ValueKind<Double>(expected: "a number") { Double($0) }

  static let show = Command(
    name: "show", summary: "Show something",
    positionals: [Positional(name: "WORD", summary: "what to show", isRepeatable: true)],
    options: [
      steps.declaration, rate.declaration, offset.declaration, seed.declaration, kind.declaration,
      output.declaration, tag.declaration, json.declaration,
    ],
    action: .run { _, _ in .done })
  static let list = Command(
    name: "list", summary: "List everything",
    positionals: [Positional(name: "FILTER", summary: "part of a name", isRequired: false)],
    action: .run { _, _ in .done })
  static let root = Command(
    name: "tool", summary: "A tool",
    action: .group([
      Command(name: "curve", summary: "Curves", action: .group([show, list])),
      Command(name: "fail", summary: "Fail", action: .run { _, _ in throw Unforeseen() }),
    ]))

  struct Unforeseen: Error, CustomStringConvertible {
    var description: String { "the disk is on fire" }
  }
}
