public import Plotting
import Schedules
import Training

extension SuperConvergence.Outcome {
  /// The figures under the names of their files: `range-test`, `schedules`, `runs`.
  public var figures: [(name: String, figure: Figure)] {
    var figures = [("range-test", rangeTestFigure)]
    guard !oneCycle.isEmpty else { return figures }
    figures.append(("schedules", schedulesFigure))
    figures.append(("runs", runsFigure))
    return figures
  }

  private var setting: String {
    "\(study.network) on \(study.data), batch \(study.batch)"
  }

  private var rangeTestFigure: Figure {
    RangeTestFigure(curve, subtitle: setting).figure
  }

  /// Learning rate and momentum of both regimes over the equal budget.
  private var schedulesFigure: Figure {
    let runs = [oneCycle.first, standard.first?.first].compactMap(\.self).compactMap { run in
      (try? run.resolvedPlan()).map { plan in
        let all = ScheduleFigure.Run(name: Self.regime(run), plan: plan)
        let shown = ["learningRate", "momentum"]
        return ScheduleFigure.Run(
          name: all.name, curves: all.curves.filter { shown.contains($0.hyperparameter) })
      }
    }
    return ScheduleFigure(
      title: "Learning rate and momentum",
      subtitle: "\(SuperConvergence.text(epochs: study.epochs)), \(setting)",
      runs: runs, stepsPerEpoch: oneCycle.first?.stepsPerEpoch.map(Double.init)
    ).figure
  }

  /// Test loss and accuracy of all runs over epochs.
  private var runsFigure: Figure {
    let runs = regimes.map { runs in
      RunsFigure.Run(
        name: runs.first?.name ?? "",
        losses: runs.map { $0.curve(\.testLoss) },
        accuracies: runs.map { $0.curve(\.testAccuracy) })
    }
    let accuracies = oneCycle.compactMap(\.testAccuracy)
    return RunsFigure(
      title: "Test loss and accuracy", subtitle: setting, lossTitle: "test loss", runs: runs,
      spread: oneCycle.count > 2 ? .interval : .range,
      target: accuracies.isEmpty ? nil : Sample(accuracies).mean
    ).figure
  }

  /// The whole study on one page.
  ///
  /// - Parameter command: The command that made it, as typed.
  /// - Returns: The page.
  public func report(command: String) -> Report {
    var blocks: [Report.Block] = [
      .heading("Result"),
      .table(
        Report.Table(
          caption: study.seeds == 1
            ? "One seed." : "\(study.seeds) seeds, mean with 95 % confidence interval.",
          columns: Self.tableHeader.enumerated().map {
            Report.Table.Column($1, isNumeric: $0 > 0)
          }, rows: tableRows)),
    ]
    blocks += sentences.map { .paragraph($0) }
    let captions = [
      "range-test":
        "The loss while the learning rate rises by the same factor every step, and what "
        + "each rule reads from it. 1cycle's peak is Smith's upper bound, to two "
        + "digits: \(peak.reason).",
      "schedules": "Learning rate and momentum of both regimes at the equal budget.",
      "runs": "After every epoch, on the test split. The dashed line is 1cycle's final accuracy.",
    ]
    for (name, figure) in figures {
      blocks.append(.figure(figure, caption: captions[name] ?? ""))
    }
    blocks += [
      .heading("Range test"), .table(suggestionsTable), .heading("Settings"), .facts(settings),
      .heading("Again"), .commands([command]),
    ]
    return Report(
      title: "Super-convergence: \(setting)", summary: sentences.joined(separator: " "),
      blocks: blocks)
  }

  private var suggestionsTable: Report.Table {
    let suggestions = curve.suggestions
    let rows =
      suggestions.named.map { ($0.name, $0.suggestion) }
      + [("Smith's base", suggestions.smith.base), ("Smith's max", suggestions.smith.max)]
    return Report.Table(
      caption: "What each rule suggests, and why.",
      columns: [.init("rule"), .init("learning rate", isNumeric: true), .init("reason")],
      rows: rows.map { name, suggestion in
        [
          name,
          suggestion.value.map { NumberText.significant($0, digits: 3) } ?? "none",
          suggestion.reason,
        ]
      })
  }

  private var settings: [Report.Fact] {
    var facts = [
      Report.Fact("network", study.network), Report.Fact("data", study.data),
      Report.Fact("batch", "\(study.batch)"), Report.Fact("augmentation", "\(study.augmentation)"),
      Report.Fact("seeds", "\(study.seeds)"),
      Report.Fact(
        "range test",
        "\(NumberText.significant(study.rangeTest.from, digits: 3)) to "
          + "\(NumberText.significant(study.rangeTest.to, digits: 3)) in "
          + "\(study.rangeTest.steps) steps, momentum \(study.rangeTest.momentum)"),
    ]
    facts += regimePlans.map { Report.Fact($0.name, $0.words.joined(separator: " ")) }
    return facts
  }
}
