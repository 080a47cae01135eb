import Foundation
import Schedules
import Testing
import Training

@testable import Studies

@Suite struct DAWNBenchEntryTests {
  /// Ten steps of 100 images an epoch at 2000, 1000 and 4000 images a second: 0.5, 1 and 0.25 s.
  ///
  /// The wall clock, evaluations included, says more.
  private let record: RunRecord = {
    var log = MetricsLog()
    for (epoch, (rate, accuracy)) in [(2000.0, 0.5), (1000, 0.94), (4000, 0.93996)].enumerated() {
      for step in 0..<10 {
        log.append(
          StepRecord(
            step: 10 * epoch + step, epoch: epoch, learningRate: 0.1, momentum: 0.9, loss: 1))
      }
      log.append(
        EpochRecord(
          epoch: epoch, trainLoss: 1, testLoss: 1, testAccuracy: accuracy,
          wallSeconds: 10 * Double(epoch + 1), imagesPerSecond: rate))
    }
    return RunRecord(
      name: "run",
      recipe: Recipe(
        network: "resnet9", data: "cifar10", epochs: 3, batch: 100, seed: 7,
        plan: Plan { Scheduled(.learningRate, .constant(0.1)) }), log: log)
  }()

  @Test func countsTrainingAlone() throws {
    let entry = DAWNBenchEntry(record)
    #expect(entry.progress.map(\.epoch) == [1, 2, 3])
    #expect(entry.progress.map { $0.hours * 3600 } == [0.5, 1.5, 1.75])
    let reached = try #require(entry.progress(toAccuracy: 0.94))
    #expect(reached.epoch == 2)
    #expect(abs(reached.cost(perHour: 7200) - 3) < 1e-12)
    #expect(entry.progress(toAccuracy: 0.95) == nil)
  }

  /// An accuracy just below the target is not rounded up to it.
  @Test func writesTheTable() {
    #expect(
      DAWNBenchEntry(record).tsv == """
        epoch\thours\ttop1Accuracy
        1\t0.000139\t50.0000
        2\t0.000417\t94.0000
        3\t0.000486\t93.9960

        """)
  }

  @Test func writesTheEntry() throws {
    var submission = DAWNBenchEntry.Submission(
      author: "A. N. Author", authorEmail: "a@example.org", hardware: "1 V100 (p3.2xlarge)",
      costPerHour: 3.06, codeURL: "https://example.org/code", date: "2018-04-20")
    #expect(
      try DAWNBenchEntry(record).json(submission) == """
        {
          "author" : "A. N. Author",
          "authorEmail" : "a@example.org",
          "codeURL" : "https://example.org/code",
          "costPerHour" : 3.06,
          "framework" : "Anneal",
          "hardware" : "1 V100 (p3.2xlarge)",
          "misc" : {
            "batch" : 100,
            "data" : "cifar10",
            "epochs" : 3,
            "schedules" : [
              "lr=0.1"
            ],
            "seed" : 7
          },
          "model" : "resnet9",
          "timestamp" : "2018-04-20",
          "version" : "v1.0"
        }

        """)
    submission.costPerHour = nil
    submission.codeURL = nil
    let text = try DAWNBenchEntry(record).json(submission)
    #expect(!text.contains("cost") && !text.contains("codeURL"))
  }
}
