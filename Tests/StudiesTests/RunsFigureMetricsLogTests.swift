import Plotting
import Studies
import TestSupport
import Testing
import Training

@Suite struct RunsFigureMetricsLogTests {
  /// A log of so many epochs of 50 steps; the last step's loss is given.
  private func log(epochs: Int, lastLoss: Double? = nil) -> MetricsLog {
    var log = MetricsLog()
    var noise = SyntheticRuns.Noise(seed: 11)
    for step in 0..<(epochs * 50) {
      let smooth = 2.2 / (1 + Double(step) / 60) + 0.1
      let isLast = step + 1 == epochs * 50
      let loss = (isLast ? lastLoss : nil) ?? smooth + 0.3 * noise.next()
      log.append(
        StepRecord(step: step, epoch: step / 50, learningRate: 0.1, momentum: 0.9, loss: loss))
      if (step + 1).isMultiple(of: 50) {
        log.append(
          EpochRecord(
            epoch: step / 50, trainLoss: smooth, testLoss: smooth + 0.1,
            testAccuracy: 1 - smooth / 2.5, wallSeconds: 1, imagesPerSecond: 1))
      }
    }
    return log
  }

  @Test func epochsStandAtTheirEnds() {
    let run = RunsFigure.Run(name: "a", logs: [log(epochs: 3), log(epochs: 2)])
    #expect(run.losses.map(\.epochs) == [[1, 2, 3], [1, 2]])
    #expect(run.accuracies.map(\.epochs) == [[1, 2, 3], [1, 2]])
    #expect(run.stepLosses.isEmpty)
    let test = RunsFigure.Run(name: "a", logs: [log(epochs: 3)], loss: .test)
    #expect(zip(test.losses[0].values, run.losses[0].values).allSatisfy { $0 > $1 })
    #expect(RunsFigure.Run.Loss.test.title == "test loss")
  }

  @Test func stepsEndWhereTheirEpochEnds() throws {
    let run = RunsFigure.Run(name: "a", logs: [log(epochs: 3)], includesSteps: true)
    let steps = try #require(run.stepLosses.first)
    #expect(steps.epochs.count == 150)
    #expect(steps.epochs[49] == 1 && steps.epochs.last == 3)
  }

  @Test func stepsSayHowFarTheRunHasCome() throws {
    let run = RunsFigure.Run(name: "a", logs: [log(epochs: 3)], includesSteps: true, batch: 64)
    #expect(
      run.progress.map { $0.measures.map(\.axis.title) } == [
        ["step", "samples", "learning rate"], ["wall time (s)"],
      ])
    let table = try #require(run.progress.first)
    #expect(table.run == "a" && table.x.last == 3)
    #expect(table.measures.map(\.values.last) == [150, 9600, 0.1])
    #expect(run.learningRate?.values.count == 150 && run.momentum?.epochs.last == 3)
    let plain = RunsFigure.Run(name: "a", logs: [log(epochs: 3)])
    #expect(plain.learningRate == nil && plain.momentum == nil)
  }

  @Test func snapshotWithSteps() {
    let run = RunsFigure.Run(name: "1cycle", logs: [log(epochs: 8)], includesSteps: true)
    let figure = RunsFigure(title: "ResNet-8 on Fashion-MNIST", runs: [run])
    #expect(Snapshot.difference(figure.figure.svg(id: "run"), from: "run-steps.svg") == nil)
  }

  @Test func curvesAreInterruptedWhereTheRunWasResumed() throws {
    var log = log(epochs: 3)
    for step in [50, 75, 400] {
      let isRecord = log.append(jsonLine: Array("{\"resumedAtStep\":\(step)}".utf8))
      #expect(isRecord)
    }
    let run = RunsFigure.Run(name: "a", logs: [log], includesSteps: true)
    let places = [1 + 0.5 / 50, 1.5 + 0.5 / 50]
    for curve in run.stepLosses + run.losses + [run.learningRate, run.momentum].compactMap({ $0 }) {
      #expect(curve.breaks == places)
    }
    let steps = try #require(run.stepLosses.first)
    #expect(steps.epochs[49] < places[0] && places[0] < steps.epochs[50])
    let figure = RunsFigure(title: "a", runs: [run]).figure
    let lines = figure.plots.flatMap(\.marks).compactMap { $0 as? LineMark }
    #expect(lines.count == 5 && lines.allSatisfy { $0.breaks == places })
    // The mean of seeds goes on where one of them did not.
    let seeds = RunsFigure.Run(name: "a", logs: [log, self.log(epochs: 3)])
    let mean = RunsFigure(title: "a", runs: [seeds]).figure.plots.flatMap(\.marks)
      .compactMap { $0 as? LineMark }
    #expect(mean.allSatisfy { $0.breaks.isEmpty })
  }

  @Test func aDivergenceDoesNotHideTheRest() throws {
    let run = RunsFigure.Run(
      name: "a", logs: [log(epochs: 2, lastLoss: 1e12)], includesSteps: true)
    let figure = RunsFigure(title: "a", runs: [run]).figure
    let domain = try #require(figure.plots.first?.y.domain)
    #expect(domain.lowerBound == 0 && domain.upperBound < 4)
  }

  @Test func aRunThatNeverEndedAnEpochShowsItsSteps() {
    var log = MetricsLog()
    for step in 0..<3 {
      log.append(
        StepRecord(step: step, epoch: 0, learningRate: 9, momentum: 0.9, loss: [2, 5, nil][step]))
    }
    let run = RunsFigure.Run(name: "a", logs: [log], includesSteps: true)
    #expect(run.losses.isEmpty && run.accuracies.isEmpty)
    #expect(run.stepLosses.map(\.values) == [[2, 5]])
    let figure = RunsFigure(title: "a", runs: [run]).figure
    #expect(figure.plots.map(\.y.title) == ["training loss", "learning rate", "momentum"])
    #expect(RunsFigure.Run(name: "b", logs: [MetricsLog()], includesSteps: true).stepLosses.isEmpty)
  }
}
