import Plotting
import Studies
import Training

/// Shows where a study is: a progress bar for each of its runs.
final class StudyDisplay {
  private let console: Console
  private let study: SuperConvergence
  private var title: String?
  private var bar: ProgressBar?

  /// Makes a display.
  ///
  /// - Parameters:
  ///   - console: Where it shows.
  ///   - study: What is shown.
  init(_ console: Console, of study: SuperConvergence) {
    self.console = console
    self.study = study
  }

  /// Shows a moment of the study.
  func show(_ progress: SuperConvergence.Progress) {
    let step = progress.report?.step ?? progress.rangeTestStep ?? 0
    let count = progress.report?.stepCount ?? study.rangeTest.steps
    if progress.title != title {
      finish()
      title = progress.title
      bar = ProgressBar(
        progress.title, total: count * study.batch, unit: "images", console: console)
    }
    let loss = progress.report?.loss.map { "loss \(NumberText.fixed($0, decimals: 4))" }
    bar?.advance(to: step * study.batch, note: loss ?? "", value: progress.report?.loss)
  }

  /// Removes the bar of the last run.
  func finish() {
    bar?.finish()
    bar = nil
  }
}
