import Plotting
import Schedules
import Studies
import Training

/// Shows a range test while it goes on.
final class RangeTestView {
  private let test: RangeTest
  private let place = LivePlace()
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var losses: [Double] = []

  init(_ test: RangeTest) {
    self.test = test
    last = clock.now
  }

  /// Notes a step and draws where it is time.
  func observe(_ step: HyperparameterFinder.Step) {
    losses.append(step.record.loss ?? .nan)
    guard clock.now - last >= .milliseconds(333) else { return }
    last = clock.now
    let text =
      "step \(losses.count) of \(test.count) · \(test.hyperparameter.title) "
      + "\(NumberText.significant(step.value, digits: 3))"
      + (step.record.loss.map { " · loss \(NumberText.fixed($0, decimals: 3))" } ?? "")
    let line =
      "<p><progress max=\"\(test.count)\" value=\"\(losses.count)\"></progress> "
      + "\(SVG.escaped(text))</p>"
    let picture = losses.count > 2 ? curve?.figure.staticBundle["image/svg+xml"] : nil
    place.show(MIMEBundle(text: text, html: line + (picture ?? "")))
  }

  /// Draws the whole curve with every rule's opinion of it.
  func finish(_ curve: RangeTestCurve) {
    place.show(curve.mimeBundle)
  }

  /// What has been recorded so far; nil where there is too little of it.
  private var curve: RangeTestFigure? {
    (try? test.curve(losses: losses)).map { RangeTestFigure($0) }
  }
}
