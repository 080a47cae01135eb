import CPUBackend
import Datasets
import Foundation
import Kernels
import Schedules
import Testing
import Training

@testable import Studies

@Suite struct SuperConvergenceTests {
  private static var study: SuperConvergence {
    SuperConvergence(
      network: "resnet8", data: "toy", batch: 8, epochs: 4, seeds: 2, augmentation: .none,
      rangeTest: .init(from: 0.01, to: 10, steps: 24, momentum: 0.85),
      shared: ["weightDecay=0.0001"],
      standard: ["lr=0.1@50%,0.01@25%,0.001", "momentum=0.9"], longerRuns: [1.25, 1.5, 2])
  }

  private static func run(
    _ regime: String, epochs: Int, seed: Int, accuracy: Double, diverges: Bool = false
  ) throws -> RunRecord {
    let plan =
      regime == "1cycle" ? try study.oneCyclePlan(peak: 0.5) : try study.standardPlan()
    var log = MetricsLog()
    for epoch in 0..<epochs {
      log.append(
        StepRecord(step: epoch, epoch: epoch, learningRate: 0.1, momentum: 0.9, loss: 1))
      log.append(
        EpochRecord(
          epoch: epoch, trainLoss: 1, testLoss: 1,
          testAccuracy: accuracy * Double(epoch + 1) / Double(epochs),
          wallSeconds: Double(epoch + 1), imagesPerSecond: 100))
    }
    return RunRecord(
      name: "\(regime), \(SuperConvergence.text(epochs: epochs))",
      recipe: Recipe(
        network: "resnet8", data: "toy", epochs: epochs, batch: 8, seed: UInt64(seed), plan: plan),
      log: log,
      divergence: diverges ? Divergence(step: 3, epoch: 0, learningRate: 0.5, loss: .nan) : nil)
  }

  /// An outcome of 1cycle's accuracies and, for each length, the standard regime's.
  private static func outcome(
    _ oneCycle: [Double], _ standard: [(epochs: Int, accuracies: [Double])], diverges: Bool = false
  ) throws -> SuperConvergence.Outcome {
    var study = study
    study.seeds = oneCycle.count
    let curve = try RangeTestCurve(
      values: (1...20).map { Double($0) / 10 }, losses: (1...20).map { 3 / Double($0) })
    return SuperConvergence.Outcome(
      study: study, curve: curve,
      peak: .found(
        hyperparameter: .learningRate, value: 0.5, index: 4, reason: "for the test"),
      oneCycle: try oneCycle.enumerated().map {
        try run("1cycle", epochs: 4, seed: $0, accuracy: $1, diverges: diverges)
      },
      standard: try standard.map { length in
        try length.accuracies.enumerated().map {
          try run("standard", epochs: length.epochs, seed: $0, accuracy: $1)
        }
      })
  }

  @Test func longerRunsGiveTheRatio() throws {
    let outcome = try Self.outcome(
      [0.8, 0.82], [(4, [0.7, 0.71]), (5, [0.81, 0.75]), (8, [0.85, 0.83])])
    #expect(outcome.epochsToEqualAccuracy == [5, 8])
    #expect(outcome.epochRatio == Sample([1.25, 2]))
    let gain = try #require(outcome.accuracyGain)
    #expect(abs(gain.mean - 0.105) < 1e-12)
    #expect(outcome.failure == nil)
    #expect(
      outcome.sentences == [
        "At equal budget (4 epochs) 1cycle is 10.50 ± 6.35 percentage points more accurate than the "
          + "standard regime.",
        "To equal accuracy the standard regime needs 1.6 ± 4.8 times as many epochs.",
      ])
    #expect(outcome.tableRows.map { $0[0] } == ["1cycle", "standard", "standard", "standard"])
    #expect(outcome.tableRows[0][2] == "81.00 ± 12.71 %")
  }

  @Test func standardRegimeMayNeverGetThere() throws {
    let outcome = try Self.outcome([0.8, 0.8], [(4, [0.7, 0.85]), (8, [0.79, 0.9])])
    #expect(outcome.epochsToEqualAccuracy == [nil, 4])
    #expect(outcome.epochRatio == nil)
    #expect(
      outcome.sentences.last
        == "The standard regime did not reach 1cycle's accuracy within 8 epochs on 1 of 2 seeds "
        + "(more than 2.0 times as many).")
  }

  @Test func standardRegimeMayWin() throws {
    let outcome = try Self.outcome([0.8], [(4, [0.85])])
    #expect(outcome.epochRatio == Sample([1]))
    #expect(
      outcome.sentences == [
        "At equal budget (4 epochs) 1cycle is 5.00 percentage points less accurate than the standard "
          + "regime.",
        "To equal accuracy the standard regime needs 1.0 times as many epochs: 1cycle is not faster "
          + "here.",
      ])
  }

  @Test func divergenceIsSaid() throws {
    let outcome = try Self.outcome([0.8], [(4, [0.7])], diverges: true)
    #expect(
      outcome.sentences == [
        "1cycle, 4 epochs, seed 0: the training diverged at step 3 (epoch 0): the loss is nan at a "
          + "learning rate of 0.5"
      ])
    #expect(outcome.tableRows[0][2] == "diverged")
    #expect(outcome.accuracyGain == nil)
    #expect(outcome.figures.map(\.name) == ["range-test", "schedules", "runs"])
  }

  @Test func settingsAreChecked() throws {
    var study = Self.study
    study.longerRuns = [2, 1.5]
    let dataset = Dataset.synthetic(
      channels: 1, height: 8, width: 8, classCount: 2, trainingCount: 16, testCount: 8)
    #expect(
      throws: TrainingError.recipe(
        field: "longerRuns", expected: "rising numbers above 1, at most 1000", found: "[2.0, 1.5]")
    ) {
      try study.run(
        on: dataset, backend: CPUBackend(variant: .baseline, threadCount: 1), folder: "unused"
      ) { _ in }
    }
  }

  /// The whole study on noise: every run is made and kept, whatever comes out.
  @Test func runsOnAnyData() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("super-convergence-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var study = Self.study
    study.epochs = 1
    study.longerRuns = [2]
    let dataset = Dataset.synthetic(
      channels: 1, height: 8, width: 8, classCount: 2, trainingCount: 64, testCount: 16)
    var titles: [String] = []
    let outcome = try study.run(
      on: dataset, backend: CPUBackend(variant: .baseline, threadCount: 1), folder: folder.path
    ) { progress in
      if titles.last != progress.title { titles.append(progress.title) }
    }
    #expect(titles.first == "range test, 24 steps")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    if outcome.peak.value == nil {
      #expect(made.isEmpty)
      #expect(outcome.sentences.first?.hasPrefix("the range test gives no large") == true)
    } else {
      #expect(
        made.prefix(4) == [
          "1cycle-1-epochs-seed-0", "1cycle-1-epochs-seed-1", "standard-1-epochs-seed-0",
          "standard-1-epochs-seed-1",
        ])
      #expect(outcome.regimes.count >= 2)
    }
    #expect(!outcome.report(command: "anneal reproduce").html.isEmpty)
  }
}
