import Plotting
import Schedules
import Training

/// What a range test found, for a terminal.
struct RangeTestDisplay {
  let console: Console

  /// One curve: a chart, and what each rule reads from it.
  func show(_ curve: RangeTestCurve) throws(CommandError) {
    try chart(curve)
    let values = [curve.values.first, curve.values.last].compactMap { $0 }
      .map(number).joined(separator: " to ")
    let readings = curve.column.map { ", \($0.readings.count) readings" } ?? ""
    let end = curve.ending.map { "; the test stopped there: \($0)" } ?? ""
    try console.print(
      "\(curve.count) steps\(readings), \(curve.hyperparameter.title) \(values)\(end)")
    try console.print()

    let suggestions = curve.suggestions
    var table = TextTable(
      .text("rule"), .number(curve.hyperparameter.title), .text("reason"))
    let rows =
      suggestions.named.map { ($0.name, $0.suggestion) }
      + [("Smith's base", suggestions.smith.base), ("Smith's max", suggestions.smith.max)]
    for (name, suggestion) in rows {
      table.append(name, suggestion.value.map(number) ?? "none", suggestion.reason)
    }
    for line in table.lines { try console.print(line) }
    guard let spread = suggestions.spread else { return }
    try console.print()
    let factor = NumberText.significant(spread, digits: 2)
    try console.print(
      curve.hyperparameter.isMemory
        ? "the five values remember steps, 1 / (1 - value), within a factor of \(factor)"
        : curve.hyperparameter == .learningRate
          ? "the largest of the five rates is \(factor) times the smallest"
          : "the largest of the five values is \(factor) times the smallest")
  }

  /// Several curves: the least, median and largest answer of each rule, and how far they agree.
  func show(_ agreement: RangeTestAgreement) throws(CommandError) {
    var table = TextTable(
      .text("rule"), .number("least"), .number("median"), .number("largest"), .text("agreement"))
    let names = ["smithBase": "Smith's base", "smithMax": "Smith's max"]
    for rule in agreement.rules {
      let numbers = [rule.spread?.least, rule.spread?.median, rule.spread?.most]
      table.append(
        [names[rule.name] ?? rule.name] + numbers.map { $0.map(number) ?? "none" }
          + [rule.verdict])
    }
    try console.print(
      "\(agreement.hyperparameter.title) by the \(agreement.measure.title) of "
        + "\(agreement.rules.first?.curveCount ?? 0) curves")
    try console.print()
    for line in table.lines { try console.print(line) }
  }

  /// The noise of the gradients along the tests, and the advice.
  func show(_ noise: GradientNoiseReport) throws(CommandError) {
    try console.print()
    let namesSeeds = Set(noise.places.map(\.seed)).count > 1
    let columns: [TextTable.Column] = [
      .number("step"), .number("|G|²"), .number("tr Σ"), .number("noise scale"), .text("counts"),
    ]
    var table = TextTable(columns: (namesSeeds ? [.number("seed")] : []) + columns)
    for place in noise.places {
      table.append(
        (namesSeeds ? ["\(place.seed)"] : []) + [
          "\(place.update)", number(place.squaredGradient), number(place.variance),
          place.noiseScale.map(number) ?? "none", place.counts ? "yes" : "no",
        ])
    }
    for line in table.lines { try console.print(line) }
    try console.print()
    try console.print(noise.advice)
  }

  private func chart(_ curve: RangeTestCurve) throws(CommandError) {
    let measure = curve.measure
    let smoothed = RangeTestSmoothing.fastai.smoothed(curve.readings, at: curve.measuredUpdates)
    guard let first = smoothed.first, let least = smoothed.min(), let most = smoothed.max() else {
      return
    }
    var range = least...most
    if !measure.isHigherBetter {
      // The divergence at the end would flatten everything before it.
      let highest = max(first, curve.readings.min() ?? 0) * 1.5
      range = min(highest, least)...min(highest, most)
    }
    let panel = CurvePanel(
      title: "smoothed \(measure == .trainingLoss ? "loss" : measure.title)", values: smoothed,
      range: range)
    for line in panel.lines(columns: console.columns(of: console.output)) {
      try console.print(line)
    }
  }

  private func number(_ value: Double) -> String { NumberText.significant(value, digits: 3) }
}
