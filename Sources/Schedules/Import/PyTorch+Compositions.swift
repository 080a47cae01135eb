// PyTorch's schedulers that are made of others.

extension ImportLibrary {
  static let pytorchCompositions = [sequentialLR, chainedScheduler, reduceLROnPlateau]

  /// Schedulers one after the other; each begins anew at its milestone.
  private static let sequentialLR = ImportClass(
    "SequentialLR", ["schedulers", "milestones", "base_lr"] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    try checkFresh(parameters)
    var parts: [ImportedPlan] = []
    for part in try parameters.parts("schedulers", handingDown: ["base_lr"]) {
      parts.append(try part.imported())
    }
    let milestones = parts.count == 1 ? [] : try parameters.numbers("milestones", .length)
    guard let joined = ImportedPlan.joined(parts, at: milestones) else {
      throw parameters.error(
        "milestones",
        expected: "an ascending number for each of the \(parts.count) schedulers but the first, "
          + "which all change the same values,")
    }
    return joined
  }

  /// Schedulers at the same time: what each makes of the rate is made of what the others leave of it.
  ///
  /// That is a product for all schedulers that multiply the rate. The others set it without regard
  /// to the rest of the chain and are refused.
  private static let chainedScheduler = ImportClass(
    "ChainedScheduler", ["schedulers", "base_lr"] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    let multiplying = pytorchFactors.map(\.name) + ["CosineAnnealingLR", "ChainedScheduler"]
    var product: Plan?
    for var part in try parameters.parts("schedulers", handingDown: ["base_lr"]) {
      let minimum = part.values["eta_min"]
      guard multiplying.contains(part.known.name), minimum == nil || minimum == 0 else {
        throw parameters.error(
          "schedulers", expected: "schedulers that multiply the rate, and no eta_min,")
      }
      guard let before = product else {
        product = try part.imported().plan
        continue
      }
      part.values["base_lr"] = 1
      let factor = try part.imported().plan.entries[0].schedule
      product = Plan(
        entries: before.entries.map { entry in
          var entry = entry
          entry.schedule = entry.schedule * factor
          return entry
        })
    }
    return ImportedPlan(product ?? Plan(entries: []))
  }
}
