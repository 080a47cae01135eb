import Datasets
public import Networks
public import Schedules
public import Studies
public import Training

/// Trains as a recipe says, in view, and stops cleanly when the cell is interrupted.
///
///     let run = try train(recipe, "1cycle")
///     run.testAccuracy
///
/// - Parameters:
///   - recipe: What to carry out.
///   - name: What the run is called in tables and figures.
///   - network: In place of the one that the recipe names.
///   - isShown: Whether the training is drawn while it goes on.
///   - callbacks: Who else is told what happens and may end the run.
/// - Returns: Everything that was recorded; of an interrupted run, up to there.
/// - Throws: Why the recipe cannot be carried out.
public func train(
  _ recipe: Recipe, _ name: String = "run", network: Network? = nil, isShown: Bool = true,
  callbacks: [any Callback] = []
) throws -> RunRecord {
  let trainer = try Trainer(
    recipe, datasets: recipe.loadDatasets(), network: network,
    backend: machineBackend(threads: recipe.threads))
  let view = TrainingView(name)
  let recorder = Recorder()
  let result = try trainer.run(
    (isShown ? [view] : []) + [recorder, InterruptStop(), DivergenceStop()] + callbacks)
  var divergence: Divergence?
  if case .diverged(let found) = result.outcome { divergence = found }
  return RunRecord(name: name, recipe: recipe, log: recorder.log, divergence: divergence)
}

/// Carries a range test out, in view; an interrupt ends it early.
///
///     let curve = try rangeTest(recipe, from: 1e-4, to: 10, steps: 150)
///
/// - Parameters:
///   - recipe: What is trained, and the hyper-parameters that stay as they are.
///   - hyperparameter: What rises.
///   - from: Where it begins; nil for the hyper-parameter's usual start.
///   - to: Where it ends; nil for the usual end.
///   - steps: The updates, ≥ 2.
///   - measure: What the rules are to read.
///   - isShown: Whether the curve is drawn while it grows.
/// - Returns: The curve, with suggestions.
/// - Throws: Why the test cannot be carried out.
public func rangeTest(
  _ recipe: Recipe, of hyperparameter: Hyperparameter<Double> = .learningRate,
  from: Double? = nil, to: Double? = nil, steps: Int = 100,
  measure: RangeTestMeasure = .trainingLoss, isShown: Bool = true
) throws -> RangeTestCurve {
  let test = try RangeTest(hyperparameter, from: from, to: to, count: steps)
  let finder = HyperparameterFinder(recipe, test: test, measure: measure)
  let view = RangeTestView(test)
  let result = try finder.run(
    on: recipe.loadDataset(), backend: machineBackend(threads: recipe.threads)
  ) { step in
    if isShown { view.observe(step) }
    return !isInterrupted
  }
  if isShown { view.finish(result.curve) }
  return result.curve
}

/// Draws several runs in one figure: loss, accuracy, learning rate and momentum over epochs.
///
/// - Parameters:
///   - runs: The runs.
///   - title: The heading.
///   - target: An accuracy to mark, 0…1.
/// - Returns: The figure.
public func compare(
  _ runs: [RunRecord], title: String = "", target: Double? = nil
) -> RunsFigure {
  RunsFigure(
    title: title, lossTitle: "loss",
    runs: runs.map { run in
      RunsFigure.Run(
        name: run.name, logs: [run.log], loss: .test, includesSteps: true,
        batch: run.recipe.plan[.batchSize] == nil ? run.recipe.batch : nil)
    },
    target: target)
}

extension RunRecord: Displayable {
  /// The run's curves.
  public var mimeBundle: MIMEBundle { compare([self], title: name).mimeBundle }
}
