import Plotting
import Schedules
import Studies
public import Training

/// Shows a training while it goes on: how far it is, and the curves of its loss, accuracy and rate.
///
///     let result = try trainer.run([TrainingView("1cycle"), DivergenceStop()])
///
/// It draws a few times a second a static picture, and at the end the one that a reader can explore.
public final class TrainingView: Callback {
  /// Every step's loss is drawn.
  public let lossInterval: Int? = 1
  /// What has been recorded.
  public private(set) var log = MetricsLog()
  private let name: String
  private let secondsBetween: Double
  private let seconds: () -> Double
  private let output: (MIMEBundle) -> Void
  private var start: RunStart?
  private var firstSeconds = 0.0
  private var lastSeconds = 0.0

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - name: What the run is called.
  ///   - updatesPerSecond: How often it draws, at most, 0.1…20.
  /// - Precondition: `updatesPerSecond` is in that range.
  public convenience init(_ name: String = "", updatesPerSecond: Double = 3) {
    let place = LivePlace()
    let clock = ContinuousClock()
    let start = clock.now
    self.init(
      name, updatesPerSecond: updatesPerSecond, seconds: { (clock.now - start) / .seconds(1) },
      output: place.show)
  }

  /// Makes the callback with another clock and another place to draw at.
  init(
    _ name: String, updatesPerSecond: Double, seconds: @escaping () -> Double,
    output: @escaping (MIMEBundle) -> Void
  ) {
    precondition(
      (0.1...20).contains(updatesPerSecond), "a view draws 0.1 to 20 times a second")
    self.name = name
    secondsBetween = 1 / updatesPerSecond
    self.seconds = seconds
    self.output = output
  }

  /// Notes the event and draws where it is time.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan(let start):
      log = MetricsLog()
      self.start = start
      firstSeconds = seconds()
      lastSeconds = firstSeconds
      output(MIMEBundle(text: "\(prefix)\(start.stepCount) steps", html: line(of: nil)))
    case .epochBegan: break
    case .stepEnded(let record):
      log.append(record)
      guard seconds() - lastSeconds >= secondsBetween else { break }
      lastSeconds = seconds()
      output(running(record))
    case .epochEnded(let record): log.append(record)
    case .runEnded(let result): output(finished(result))
    }
    return .proceed
  }

  private var prefix: String { name.isEmpty ? "" : "\(name): " }

  private var figure: Figure? {
    guard let start, !log.steps.isEmpty else { return nil }
    let run = RunsFigure.Run(
      name: name.isEmpty ? "run" : name, logs: [log], loss: .test, includesSteps: true,
      batch: start.recipe.plan[.batchSize] == nil ? start.recipe.batch : nil)
    return RunsFigure(title: name, lossTitle: "loss", runs: [run]).figure
  }

  private func running(_ record: StepRecord) -> MIMEBundle {
    let picture = figure?.staticBundle["image/svg+xml"] ?? ""
    return MIMEBundle(text: text(of: record), html: line(of: record) + picture)
  }

  private func finished(_ result: RunResult) -> MIMEBundle {
    let text = prefix + Self.summary(of: result)
    guard let shown = figure?.mimeBundle else { return MIMEBundle(text: text) }
    return MIMEBundle(
      text: text, html: shown["text/html"].map { "<p>\(SVG.escaped(text))</p>\($0)" },
      svg: shown["image/svg+xml"])
  }

  /// The progress in HTML; nil for a run that has not begun.
  private func line(of record: StepRecord?) -> String {
    let count = start?.stepCount ?? 1
    let text = record.map(text(of:)) ?? "\(prefix)\(count) steps"
    return "<p><progress max=\"\(count)\" value=\"\((record?.step ?? -1) + 1)\"></progress> "
      + "\(SVG.escaped(text))</p>"
  }

  private func text(of record: StepRecord) -> String {
    guard let start else { return "" }
    let elapsed = max(seconds() - firstSeconds, 1e-9)
    let images = { (step: Int) in Double(start.timetable.imageCount(by: step)) }
    let rate = (images(record.step + 1) - images(start.firstStep)) / elapsed
    let left = (images(start.stepCount) - images(record.step + 1)) / rate
    let parts: [String?] = [
      "epoch \(record.epoch + 1) of \(start.recipe.epochs)",
      "step \(record.step + 1) of \(start.stepCount)",
      record.loss.map { "loss \(NumberText.fixed($0, decimals: 3))" },
      log.epochs.last.map { "accuracy \(NumberText.percent($0.testAccuracy, decimals: 2))" },
      "rate \(NumberText.significant(record.learningRate, digits: 3))",
      "\(Int(rate.rounded())) images/s", "\(Int(left.rounded(.up))) s left",
    ]
    return prefix + parts.compactMap { $0 }.joined(separator: " · ")
  }

  /// What a run came to, in a line.
  static func summary(of result: RunResult) -> String {
    let accuracy = result.testAccuracy.map {
      ", test accuracy \(NumberText.percent($0, decimals: 2))"
    }
    let ending =
      switch result.outcome {
      case .completed: "\(result.stepCount) steps"
      case .stopped: "stopped after \(result.stepCount) steps"
      case .interrupted: "interrupted after \(result.stepCount) steps"
      case .diverged(let divergence): "diverged at step \(divergence.step)"
      }
    return ending + (accuracy ?? "") + ", \(NumberText.fixed(result.wallSeconds, decimals: 1)) s"
  }
}

/// A place in a cell's output whose content changes.
final class LivePlace {
  private var handle: DisplayHandle?

  func show(_ bundle: MIMEBundle) {
    guard Wire.ofProcess != nil else { return }
    if let handle { handle.update(bundle) } else { handle = DisplayHandle(bundle) }
  }
}
