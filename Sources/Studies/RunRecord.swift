public import Schedules
public import Training

/// A finished run: what was asked for and everything that was recorded.
public struct RunRecord: Hashable, Sendable {
  /// What the run is called in tables and figures, for example `1cycle, 5 epochs`.
  public let name: String
  /// What was asked for.
  public let recipe: Recipe
  /// What was recorded.
  public let log: MetricsLog
  /// The step at which the loss stopped being finite, if it did.
  public let divergence: Divergence?

  /// Makes a record.
  public init(name: String, recipe: Recipe, log: MetricsLog, divergence: Divergence? = nil) {
    self.name = name
    self.recipe = recipe
    self.log = log
    self.divergence = divergence
  }

  /// Reads a run's folder.
  ///
  /// - Parameter path: The folder; its last part is the run's name.
  /// - Throws: `TrainingError` for a folder that holds no run, or a broken one.
  public init(folder path: String) throws(TrainingError) {
    let folder = try RunFolder(opening: path)
    let parts = path.split(separator: "/")
    self.init(
      name: parts.last.map(String.init) ?? path, recipe: try folder.recipe(),
      log: try folder.metrics())
  }

  /// The share of the test split classified rightly after the last epoch, 0…1; `nil` for a run that
  /// diverged or has no complete epoch.
  public var testAccuracy: Double? {
    divergence == nil ? log.epochs.last?.testAccuracy : nil
  }

  /// The largest test accuracy after any epoch.
  public var bestTestAccuracy: Double? { log.epochs.map(\.testAccuracy).max() }

  /// Seconds from the run's beginning to the end of its last epoch.
  public var wallSeconds: Double { log.epochs.last?.wallSeconds ?? 0 }

  /// Updates in an epoch, as the log shows them; `nil` without a step.
  public var stepsPerEpoch: Int? {
    log.steps.isEmpty ? nil : log.steps.prefix { $0.epoch == 0 }.count
  }

  /// The plan over the whole run that the recipe asks for; `nil` without a step, or where the batch size
  /// changes and the log alone does not tell how long the later epochs are.
  ///
  /// - Throws: `ScheduleError` for a plan that does not fit the run.
  public func resolvedPlan() throws(ScheduleError) -> ResolvedPlan? {
    guard let stepsPerEpoch, recipe.plan[.batchSize] == nil else { return nil }
    return try recipe.plan.resolved(
      over: Horizon(
        steps: recipe.epochs * stepsPerEpoch, stepsPerEpoch: Double(stepsPerEpoch),
        samplesPerStep: Double(recipe.batch)))
  }

  /// A value of every epoch against the epochs done.
  func curve(_ value: (EpochRecord) -> Double) -> RunsFigure.Curve {
    RunsFigure.Curve(
      epochs: log.epochs.map { Double($0.epoch + 1) }, values: log.epochs.map { value($0) })
  }
}
