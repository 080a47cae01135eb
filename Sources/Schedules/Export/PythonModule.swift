/// The frame of an exported Python module.
enum PythonModule {
  /// The text of a module: what it is, its imports and its definitions.
  static func text(
    _ plan: Plan, _ horizon: Horizon, usage: String, imports: [String], definitions: [String]
  ) -> String {
    // A group may be called anything, quotation marks and backslashes too.
    let words = plan.words.map { "    \(quotedText($0).dropFirst().dropLast())" }
      .joined(separator: "\n")
    let heading = """
      \"""Schedules over a run of \(horizon.stepCount) steps, written by anneal.

      \(usage)

      \(words)
      \"""
      """
    return heading + "\n\n" + imports.joined(separator: "\n") + "\n\n\n"
      + definitions.joined(separator: "\n\n\n") + "\n"
  }

  /// A schedule's name in Python: `learning_rate`, and `stem_learning_rate` for a group.
  static func name(of entry: Plan.Entry) -> String {
    var name = ""
    for character in entry.name {
      if character.isUppercase { name += "_" }
      name += character.lowercased()
    }
    guard let group = entry.group else { return name }
    // Groups may be called anything; Python's names may not.
    let plain = group.utf8.map { byte -> String in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "_\(byte)_"
    }
    return "group_\(plain.joined())_\(name)"
  }
}

extension PythonFunctions {
  /// Adds a function for each schedule of a plan.
  ///
  /// - Returns: Their names, in the order of the plan.
  mutating func add(_ plan: Plan, _ resolved: ResolvedPlan) -> [String] {
    zip(plan.entries, resolved.entries).map { entry, values in
      let name = PythonModule.name(of: entry)
      add(entry, values, named: name)
      return name
    }
  }

  /// Adds a function for one schedule of a plan.
  mutating func add(_ entry: Plan.Entry, _ resolved: ResolvedPlan.Entry, named name: String) {
    add(
      name, resolved.values, documentation: "\(entry.schedule)",
      multiple: entry.key.isInteger ? resolved.multiple : nil)
  }

  /// The shared functions that are needed, and then the schedules.
  var texts: [String] { preamble + formulaTexts + definitions }

  /// The shared functions that the definitions call.
  var formulaTexts: [String] {
    PythonFormula.allCases.filter(formulas.contains).map { $0.definition(in: dialect) }
  }
}
